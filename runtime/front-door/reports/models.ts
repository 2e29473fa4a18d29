import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { DEFAULT_AGENT } from "../../settings/services.ts";
import { type GuardDeps, guardTenant, ownerOf } from "../access/guard.ts";
import type { AgentDirectory } from "../agents/directory.ts";
import { modelOf } from "../agents/routes.ts";
import { quote, refusal } from "../errors.ts";

export interface ModelsDeps extends GuardDeps {
  readonly served: ReadonlySet<string>;
  readonly directory: AgentDirectory;
}

/** One model as OpenAI's API describes it. */
export const Model = z.object({
  id: z.string(),
  object: z.literal("model"),
  created: z.number().int().meta({ description: "Seconds since 1970; 0 for the default agent.", unit: "seconds" }),
  owned_by: z.string().meta({ description: "The tenant." }),
});
export type Model = z.output<typeof Model>;
export const ModelList = z.object({ object: z.literal("list"), data: z.array(Model) });

/** What stands for the default agent when no agent is named. */
const ALIAS = "openclaw";

/** `GET /v1/models` and `/v1/models/{model}`: the agents of the caller's tenant, as models of OpenAI's API. */
export function registerModels(app: FastifyInstance, deps: ModelsDeps): void {
  app.get("/v1/models", {
    onRequest: (request) => guardTenant(request, "agent:view", deps),
    handler: (request): z.input<typeof ModelList> => ({
      object: "list",
      data: modelsOf(ownerOf(request).tenant, deps.directory),
    }),
  });
  // A wildcard, because a model's name has a slash that clients may send as it is.
  app.get<{ Params: { "*": string } }>("/v1/models/*", {
    onRequest: (request) => guardTenant(request, "agent:view", deps),
    handler: (request): Model => {
      const name = request.params["*"];
      const found = modelsOf(ownerOf(request).tenant, deps.directory).find(({ id }) => id === name);
      if (found === undefined) throw refusal("model/unknown", quote(name));
      return found;
    },
  });
}

/** The models of a tenant: the alias, the default agent, then its own agents by id. */
export function modelsOf(tenant: string, directory: Pick<AgentDirectory, "list">): Model[] {
  const model = (id: string, created: number): Model => ({ id, object: "model", created, owned_by: tenant });
  return [
    model(ALIAS, 0),
    model(modelOf(DEFAULT_AGENT), 0),
    ...directory.list(tenant).map(({ id, created }) => model(modelOf(id), Math.floor(Date.parse(created) / 1000))),
  ];
}
