import Fastify, { type FastifyInstance } from "fastify";
import { Pool } from "undici";
import { z } from "zod";

/** A tenant of the development server and the key that its stand-in cell shows to the router. */
export interface StandInTenant {
  readonly id: string;
  readonly gatewayToken: string;
  readonly routerKey: string;
}

const Turn = z.looseObject({ model: z.string(), messages: z.array(z.unknown()), stream: z.boolean().nullish() });

/**
 * Stands where the cells stand when there is no cluster: one turn is one call of the model router, without OpenClaw, tools
 * or memory. A labelled stand-in for `breakwater dev`; nothing else uses it.
 */
export function cellStandIn(tenants: readonly StandInTenant[], routerUrl: string): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 20_971_520 });
  const router = new Pool(routerUrl, { connections: 64 });
  app.addHook("onClose", () => router.close());
  for (const { id, gatewayToken, routerKey } of tenants) {
    app.register(
      async (cell) => {
        cell.addHook("onRequest", async (request, reply) => {
          if (request.headers.authorization !== `Bearer ${gatewayToken}`) {
            await reply.code(401).send({ error: { message: "not the token of this cell" } });
          }
        });
        cell.post("/v1/chat/completions", async (request, reply) => {
          const { user: _, ...turn } = Turn.parse(request.body);
          const answer = await router.request({
            method: "POST",
            path: "/v1/chat/completions",
            headers: {
              authorization: `Bearer ${routerKey}`,
              "content-type": "application/json",
              ...traceOf(request.headers["traceparent"]),
            },
            body: JSON.stringify({ ...turn, model: "tenant-default" }),
          });
          reply.code(answer.statusCode).header("content-type", answer.headers["content-type"] ?? "application/json");
          return reply.send(answer.body);
        });
        // A stand-in remembers nothing, so a search finds nothing.
        cell.post("/tools/invoke", async () => ({ ok: true, result: { details: { results: [] } } }));
      },
      { prefix: `/${id}` },
    );
  }
  return app;
}

function traceOf(traceparent: string | readonly string[] | undefined): Record<string, string> {
  return typeof traceparent === "string" ? { traceparent } : {};
}
