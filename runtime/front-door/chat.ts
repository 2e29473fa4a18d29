import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { AuditLog } from "../audit/index.ts";
import { readJsonReply, requireOk } from "./cell-reply.ts";
import { agentOf, cellBody, parseChatBody } from "./chat-body.ts";
import { type Deadline, deadlineOf } from "./deadline.ts";
import { refusal } from "./errors.ts";
import { type GuardDeps, guardTenant, header, ownerOf } from "./guard.ts";
import { relay, type StreamEnd } from "./relay.ts";
import { conversationOf, sessionUser } from "./sessions.ts";
import { entryOf } from "./trail.ts";
import { type CellReply, type Cells, cellFailure } from "./upstream.ts";

export interface ChatDeps extends GuardDeps {
  readonly served: ReadonlySet<string>;
  readonly cells: Cells;
  readonly sessionSecret: string;
  readonly timeoutMs: number;
  readonly audit: GuardDeps["audit"] & Pick<AuditLog, "append">;
  readonly nowMs: () => number;
}

const Completion = z.object({
  choices: z.array(z.unknown()),
  usage: z.object({ total_tokens: z.number().int().nonnegative() }).nullish(),
});

/** `POST /v1/chat/completions`: one turn with the agent of the caller's tenant, whole or as a stream. */
export function registerChat(app: FastifyInstance, deps: ChatDeps): void {
  app.post("/v1/chat/completions", {
    onRequest: (request) => guardTenant(request, "agent:chat", deps),
    handler: async (request, reply) => {
      const { trail } = request;
      const body = parseChatBody(request.body);
      const owner = ownerOf(request);
      const agent = agentOf(body.model, owner.tenant);
      trail.model = agent;
      const conversation = conversationOf(header(request, "x-conversation-id"), body.user ?? undefined, randomUUID);
      const user = sessionUser(deps.sessionSecret, owner, conversation);
      trail.conversation = user;
      reply.header("x-conversation-id", conversation);
      const streamed = body.stream === true;
      const deadline = deadlineOf(reply, deps.timeoutMs);
      let handedOver = false;
      try {
        const cell = await deps.cells.post({
          tenant: owner.tenant,
          path: "/v1/chat/completions",
          body: cellBody(body, agent, user),
          accept: streamed ? "text/event-stream" : "application/json",
          traceparent: trail.trace.traceparent,
          signal: deadline.signal,
        });
        await requireOk(cell, deadline.signal);
        if (!streamed) return await answerWhole(request, reply, cell, deadline);
        handedOver = true;
        return answerStream(request, reply, cell, deadline, deps);
      } finally {
        if (!handedOver) deadline.release();
      }
    },
  });
}

async function answerWhole(
  request: FastifyRequest,
  reply: FastifyReply,
  cell: CellReply,
  { signal }: Deadline,
): Promise<FastifyReply> {
  const { text, value } = await readJsonReply(cell, signal);
  const completion = Completion.safeParse(value);
  if (!completion.success)
    throw refusal("cell/broken-reply", "JSON that is no completion", { cause: completion.error });
  request.trail.tokens = completion.data.usage?.total_tokens ?? null;
  return reply.type("application/json; charset=utf-8").send(text);
}

function answerStream(
  request: FastifyRequest,
  reply: FastifyReply,
  cell: CellReply,
  deadline: Deadline,
  { audit, nowMs }: Pick<ChatDeps, "audit" | "nowMs">,
): FastifyReply {
  const { trail, log } = request;
  trail.deferred = true;
  const record = async ({ code, status, tokens }: StreamEnd): Promise<void> => {
    deadline.release();
    trail.code = code;
    trail.tokens = tokens;
    await audit.append(entryOf(trail, status, nowMs()));
  };
  const events = relay(cell.body, {
    record,
    explain: (error) => cellFailure(error, deadline.signal),
    onError: (error) => log.error({ err: error, trace_id: trail.trace.traceId }, "stream failed"),
  });
  reply.header("content-type", "text/event-stream; charset=utf-8").header("cache-control", "no-cache");
  // Byte mode: what the client has not taken yet is bounded, and the cell is read no faster.
  return reply.send(Readable.from(events, { objectMode: false }));
}
