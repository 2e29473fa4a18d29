import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { AuditRecord } from "../../audit/index.ts";
import { KeyView } from "../../identity/index.ts";
import { openApi } from "../../openapi/document.ts";
import pkg from "../../package.json" with { type: "json" };
import { AgentCreation, AgentView } from "../agents/routes.ts";
import { ChatBody } from "../chat/body.ts";
import { ERRORS } from "../errors.ts";
import { Model } from "../reports/models.ts";
import { ChatCompletion, OPERATIONS } from "./operations.ts";

/** The body of every error, in OpenAI's shape. */
const ErrorAnswer = z.object({
  error: z.object({
    message: z.string().meta({ description: "`[code] path: got X; expected Y; do Z`, one line for each problem." }),
    type: z.string().meta({ description: "OpenAI's word for the family of errors." }),
    code: z.string().meta({ description: "Stable: safe to match on." }),
    param: z.null(),
  }),
});

const DESCRIPTION = `The front door of a Breakwater deployment: OpenAI's API to talk to agents, and Breakwater's own to manage keys and agents and
to read usage and the audit log. Every answer carries \`x-trace-id\`; a W3C \`traceparent\` is continued. Every request leaves one
durable audit record before its answer, or is answered 503.`;

/** The OpenAPI document of the front door, from the schemas that its routes check requests with. */
export function openApiDocument(): Readonly<Record<string, unknown>> {
  return openApi(
    {
      title: "Breakwater front door",
      version: pkg.version,
      description: DESCRIPTION,
      tags: [
        { name: "OpenAI", description: "What OpenAI's clients speak." },
        { name: "Agents", description: "A tenant's agents and their memory." },
        { name: "Keys", description: "API keys." },
        { name: "Reports", description: "Usage and audit." },
        { name: "Service", description: "The front door itself." },
      ],
      schemas: {
        Agent: AgentView,
        AgentCreation,
        AuditRecord,
        ChatBody,
        ChatCompletion,
        Error: ErrorAnswer,
        KeyRecord: KeyView,
        Model,
      },
      errorSchema: ErrorAnswer,
      errors: ERRORS,
    },
    OPERATIONS,
  );
}

/** `GET /api/openapi.json`, open to everybody: it says what this version can do and nothing about a deployment. */
export function registerOpenApi(app: FastifyInstance): void {
  const text = JSON.stringify(openApiDocument());
  app.get("/api/openapi.json", async (request, reply) => {
    request.trail.action = "openapi";
    return reply.type("application/json; charset=utf-8").send(text);
  });
}
