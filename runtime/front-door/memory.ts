import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { zodProblems } from "../service/zod-problems.ts";
import { readJsonReply, requireOk } from "./cell-reply.ts";
import { deadlineOf } from "./deadline.ts";
import { Refusal, refusal } from "./errors.ts";
import { type GuardDeps, guardTenant, ownerOf } from "./guard.ts";
import type { Cells } from "./upstream.ts";

export interface MemoryDeps extends GuardDeps {
  readonly served: ReadonlySet<string>;
  readonly cells: Cells;
  readonly timeoutMs: number;
}

const Query = z.object({
  q: z.string().trim().min(1).max(1000),
  max_results: z.coerce.number().int().min(1).max(50).optional(),
});

/** What OpenClaw's `memory_search` answers with through `/tools/invoke` (run 2026-11-23 on 2026.9.6). */
const Invocation = z.object({
  ok: z.literal(true),
  result: z.object({
    details: z.object({
      disabled: z.boolean().optional(),
      unavailable: z.boolean().optional(),
      results: z
        .array(
          z.object({
            path: z.string(),
            startLine: z.number(),
            endLine: z.number().optional(),
            score: z.number(),
            snippet: z.string(),
          }),
        )
        .optional(),
    }),
  }),
});

/** One place in a tenant's memory that matches. */
export interface MemoryHit {
  readonly path: string;
  readonly start_line: number;
  readonly end_line?: number;
  readonly score: number;
  readonly snippet: string;
}

/** `GET /api/memory/search?q=...&max_results=...`: searches the memory of the caller's tenant and of nobody else. */
export function registerMemory(app: FastifyInstance, deps: MemoryDeps): void {
  app.get("/api/memory/search", {
    onRequest: (request) => guardTenant(request, "agent:view", deps),
    handler: async (request, reply) => {
      const { tenant } = ownerOf(request);
      const { q, max_results } = parseQuery(request.query);
      const deadline = deadlineOf(reply, deps.timeoutMs);
      try {
        const args = max_results === undefined ? { query: q } : { query: q, maxResults: max_results };
        const cell = await deps.cells.post({
          tenant,
          path: "/tools/invoke",
          body: { tool: "memory_search", args },
          accept: "application/json",
          traceparent: request.trail.trace.traceparent,
          signal: deadline.signal,
        });
        // The tool is missing when the cell runs without its memory plugin.
        if (cell.status === 404) {
          await cell.body.dump();
          throw refusal("memory/unavailable", "a cell without memory search");
        }
        await requireOk(cell, deadline.signal);
        const { value } = await readJsonReply(cell, deadline.signal);
        return { tenant, query: q, results: hitsOf(value) };
      } finally {
        deadline.release();
      }
    },
  });
}

function parseQuery(query: unknown): z.output<typeof Query> {
  const parsed = Query.safeParse(query);
  if (parsed.success) return parsed.data;
  const about = { code: "request/invalid-query", root: "", remedy: "send `?q=<text>&max_results=<1 to 50>`" } as const;
  throw new Refusal("request/invalid-query", zodProblems(parsed.error, query, about));
}

/** The hits in a reply of `memory_search`. @throws Refusal `cell/broken-reply`, `memory/unavailable`. */
export function hitsOf(reply: unknown): MemoryHit[] {
  const parsed = Invocation.safeParse(reply);
  if (!parsed.success) throw refusal("cell/broken-reply", "JSON that is no search result", { cause: parsed.error });
  const { results, disabled, unavailable } = parsed.data.result.details;
  if (disabled === true || unavailable === true)
    throw refusal("memory/unavailable", "a memory that cannot be searched");
  if (results === undefined) throw refusal("cell/broken-reply", "a search result without results");
  return results.map(({ path, startLine, endLine, score, snippet }) => {
    const hit = { path, start_line: startLine, score, snippet };
    return endLine === undefined ? hit : { ...hit, end_line: endLine };
  });
}
