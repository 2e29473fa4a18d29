import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Principal } from "../../identity/index.ts";
import { AgentSpec, DEFAULT_AGENT } from "../../settings/services.ts";
import { authenticate } from "../access/authenticate.ts";
import { type GuardDeps, guardTenant, ownerOf } from "../access/guard.ts";
import { requirePermission } from "../access/permissions.ts";
import { quote, Refusal, refusal } from "../errors.ts";
import { parseBody } from "../http/input.ts";
import type { AgentDirectory } from "./directory.ts";
import { type AgentStore, isReserved, type StoredAgent } from "./store.ts";
import type { AgentState, AgentSync, PushOutcome } from "./sync.ts";

/** What the settings say of one tenant's agents. */
export interface AgentRules {
  /** The default agent is one of them. */
  readonly maxAgents: number;
  /** What an agent of this tenant can be given. */
  readonly skills: readonly string[];
  /** Whether there is a cell agent that takes changes. */
  readonly changeable: boolean;
}

export interface AgentsDeps extends GuardDeps {
  readonly served: ReadonlySet<string>;
  readonly rules: ReadonlyMap<string, AgentRules>;
  readonly store: AgentStore;
  readonly sync: AgentSync;
  readonly directory: AgentDirectory;
}

/** Body of `POST /api/agents`. */
export const AgentCreation = AgentSpec;

/** Body of `PATCH /api/agents/{id}`. */
export const AgentPatch = z
  .strictObject({
    name: AgentSpec.shape.name,
    instructions: z.string().max(20_000),
    skills: z.array(z.string()).nullable().meta({ description: "Null: all skills of the tenant." }),
  })
  .partial()
  .refine((change) => Object.values(change).some((value) => value !== undefined), "at least one field to change");

/** An agent as it is answered. The default agent is the deployment's: it has no times and cannot be changed. */
export const AgentView = AgentSpec.extend({
  model: z.string().meta({ description: "What to send as `model` to talk to it." }),
  state: z.enum(["active", "pending"]).meta({ description: "`pending`: kept, and the cell does not run with it yet." }),
  created: z.iso.datetime().nullable(),
  updated: z.iso.datetime().nullable(),
});
export type AgentView = z.output<typeof AgentView>;

export const AgentList = z.object({
  tenant: z.string(),
  max_agents: z.number().int(),
  skills: z.array(z.string()).meta({ description: "Skills that an agent of this tenant can be given." }),
  agents: z.array(AgentView),
});
export const DeletedAgent = z.object({ id: z.string(), state: z.enum(["active", "pending"]) });

type ById = { Params: { id: string } };

/** `/api/agents`: a tenant's agents. A change is kept first, then given to the cell; 202 says that the cell has yet to take it. */
export function registerAgents(app: FastifyInstance, deps: AgentsDeps): void {
  app.get("/api/agents", {
    onRequest: (request) => guardTenant(request, "agent:view", deps),
    handler: async (request) => listOf(ownerOf(request).tenant, deps),
  });
  app.post("/api/agents", {
    onRequest: (request) => guardTenant(request, "agent:create", deps),
    handler: async (request, reply) => {
      const spec = parseBody(AgentCreation, request.body);
      const { tenant, keyId } = stillAllowed(request, deps);
      request.trail.target = spec.id;
      if (isReserved(spec.id)) throw refusal("agent/exists", "an id that is kept for the default agent");
      const { maxAgents } = changeableRules(tenant, deps);
      requireSkills(spec.skills, tenant, deps);
      const agent = await kept(() => deps.store.create(tenant, spec, keyId, maxAgents));
      const outcome = await give(tenant, deps);
      if (outcome === "refused") return takeBack(tenant, spec.id, deps);
      return reply.code(outcome === "active" ? 201 : 202).send(viewOf(agent, outcome));
    },
  });
  app.patch<ById>("/api/agents/:id", {
    onRequest: (request) => guardTenant(request, "agent:update", deps),
    handler: async (request, reply) => {
      const change = parseBody(AgentPatch, request.body);
      const { tenant, principal } = stillAllowed(request, deps);
      const id = idOf(request);
      const { skills } = changeableRules(tenant, deps);
      requireSkills(change.skills ?? null, tenant, deps);
      const agent = await kept(() =>
        deps.store.update(tenant, id, change, (before) => {
          if (change.skills === undefined) return;
          const [had, gets] = [before.skills ?? skills, change.skills ?? skills];
          if (gets.some((skill) => !had.includes(skill))) requirePermission(principal, "skill:install");
          if (had.some((skill) => !gets.includes(skill))) requirePermission(principal, "skill:remove");
        }),
      );
      return answer(reply, await give(tenant, deps), (state) => viewOf(agent, state));
    },
  });
  app.delete<ById>("/api/agents/:id", {
    onRequest: (request) => guardTenant(request, "agent:delete", deps),
    handler: async (request, reply) => {
      const { tenant } = stillAllowed(request, deps);
      const id = idOf(request);
      changeableRules(tenant, deps);
      await kept(() => deps.store.remove(tenant, id));
      return answer(reply, await give(tenant, deps), (state) => ({ id, state }));
    },
  });
}

/** How people name an agent when they talk to it. */
export function modelOf(agent: string): string {
  return `openclaw/${agent}`;
}

async function listOf(tenant: string, deps: AgentsDeps): Promise<z.input<typeof AgentList>> {
  const agents = await kept(() => deps.store.list(tenant));
  const state = await deps.sync.state(tenant, agents);
  const rules = deps.rules.get(tenant);
  return {
    tenant,
    max_agents: rules?.maxAgents ?? 1,
    skills: [...(rules?.skills ?? [])],
    agents: [DEFAULT_VIEW, ...agents.map((agent) => viewOf(agent, state))],
  };
}

const DEFAULT_VIEW: AgentView = {
  id: DEFAULT_AGENT,
  name: "Default agent",
  instructions: "",
  skills: null,
  model: modelOf(DEFAULT_AGENT),
  state: "active",
  created: null,
  updated: null,
};

function viewOf(agent: StoredAgent, state: AgentState): AgentView {
  const { id, name, instructions, skills, created, updated } = agent;
  return { id, name, instructions, skills, model: modelOf(id), state, created, updated };
}

/** Who asks, checked once more: a key that was revoked while its body was still coming changes nothing. */
function stillAllowed(
  request: FastifyRequest,
  { keyring, now }: GuardDeps,
): { readonly tenant: string; readonly keyId: string; readonly principal: Principal } {
  const principal = authenticate(keyring(), request.headers.authorization, now());
  return { ...ownerOf(request), principal };
}

function idOf({ params, trail }: FastifyRequest<ById>): string {
  if (!AgentSpec.shape.id.safeParse(params.id).success) throw refusal("agent/not-found", quote(params.id));
  trail.target = params.id;
  if (isReserved(params.id)) throw refusal("agent/default", "the default agent");
  return params.id;
}

function changeableRules(tenant: string, { rules }: AgentsDeps): AgentRules {
  const found = rules.get(tenant);
  if (found?.changeable !== true) throw refusal("agent/unavailable", "a tenant whose cell takes no agents");
  return found;
}

function requireSkills(skills: readonly string[] | null, tenant: string, { rules }: AgentsDeps): void {
  const known = rules.get(tenant)?.skills ?? [];
  const unknown = skills?.findIndex((skill) => !known.includes(skill)) ?? -1;
  if (unknown < 0) return;
  throw new Refusal("admin/invalid-body", [
    {
      code: "admin/invalid-body",
      path: `skills[${unknown}]`,
      got: "a skill that the tenant does not have",
      expected: known.join(", ") || "no skill",
      remedy: "choose among these, or give the tenant the skill in its settings",
    },
  ]);
}

/** Gives the change to the cell, and shows it to this replica's readers. */
async function give(tenant: string, { sync, directory }: AgentsDeps): Promise<PushOutcome> {
  await directory.refresh();
  return sync.push(tenant);
}

/** Answers with what was done, or with 202 where the cell has yet to take it. */
function answer(reply: FastifyReply, outcome: PushOutcome, body: (state: AgentState) => object): FastifyReply {
  const state = outcome === "active" ? "active" : "pending";
  return reply.code(state === "active" ? 200 : 202).send(body(state));
}

/**
 * Removes an agent again that its cell takes at no time: kept, it would stand in the way of every later change, because
 * a cell takes a list as a whole. Its data of an earlier life may still be there, or the cell knows another reason.
 * @throws Refusal `agent/refused`, always.
 */
async function takeBack(tenant: string, id: string, deps: AgentsDeps): Promise<never> {
  await kept(() => deps.store.remove(tenant, id));
  await give(tenant, deps);
  throw refusal("agent/refused", "an agent that the cell does not take");
}

/** A database that does not answer keeps nothing. */
async function kept<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw refusal("agent/unavailable", "agents that cannot be read or changed now", { cause: error });
  }
}
