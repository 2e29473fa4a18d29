import type { FastifyInstance } from "fastify";
import type { HotHandler } from "../../http/index.ts";
import type { ChatDeps } from "./deps.ts";
import { ChatTurn } from "./turn.ts";

export const CHAT_METHOD = "POST";
export const CHAT_PATH = "/v1/chat/completions";

/** `POST /v1/chat/completions`: one turn with an agent of the caller's tenant, whole or as a stream. */
export function chatHandler(deps: ChatDeps): HotHandler {
  return (request, response) => new ChatTurn(deps, request, response).begin();
}

/**
 * Makes the route known to Fastify, which answers other methods of its path by it, and hands over what arrives here
 * instead of at the hot server: the request is untouched, its body unread.
 */
export function registerChat(app: FastifyInstance, handler: HotHandler): void {
  app.route({
    method: CHAT_METHOD,
    url: CHAT_PATH,
    onRequest: async (request, reply) => {
      reply.hijack();
      handler(request.raw, reply.raw);
    },
    handler: () => {},
  });
}
