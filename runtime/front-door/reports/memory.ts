import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { PrincipalSigner } from "../../identity/index.ts";
import type { ServiceMetrics } from "../../metrics/index.ts";
import type { Screen } from "../../screening/index.ts";
import { zodProblems } from "../../service/zod-problems.ts";
import { type GuardDeps, guardTenant, ownerOf } from "../access/guard.ts";
import { enterRequest } from "../access/guard-limits.ts";
import { askCell, parseReply, refusedBy } from "../chat/cell-reply.ts";
import { CELL_DEFAULT_AGENT } from "../chat/parse.ts";
import { Findings, passed, screenedReply, screenText } from "../chat/screening.ts";
import type { Cells } from "../chat/upstream.ts";
import { Refusal, refusal } from "../errors.ts";
import { deadlineOf } from "../http/deadline.ts";

export interface MemoryDeps extends GuardDeps {
  readonly served: ReadonlySet<string>;
  readonly cells: Cells;
  readonly principals: PrincipalSigner;
  readonly screen: Screen;
  readonly metrics: Pick<ServiceMetrics, "screened">;
  readonly timeoutMs: number;
}

/** Query of `GET /api/memory/search`. */
export const MemoryQuery = z.object({
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

/**
 * `GET /api/memory/search?q=...&max_results=...`: searches the memory of the caller's tenant and of nobody else. What is
 * asked and what is found is screened as in a chat.
 */
export function registerMemory(app: FastifyInstance, deps: MemoryDeps): void {
  app.get("/api/memory/search", {
    onRequest: (request) => guardTenant(request, "agent:view", deps),
    handler: async (request, reply) => {
      const { tenant } = ownerOf(request);
      const query = parseQuery(request.query);
      const findings = new Findings();
      try {
        const q = passed(findings, () => screenText(deps.screen, query.q, findings));
        const refused = enterRequest(deps.limiter, request.caller);
        if (refused !== undefined) throw refused;
        reply.raw.once("close", () => deps.limiter.leave(request.caller));
        const args = query.max_results === undefined ? { query: q } : { query: q, maxResults: query.max_results };
        const found = { choices: await search(request, reply, tenant, args, deps) };
        const { choices: results } = passed(findings, () => screenedReply(deps.screen, found, findings));
        return { tenant, query: q, results };
      } finally {
        request.trail.rules = findings.rules;
        for (const { rule, action } of findings.hits) deps.metrics.screened(tenant, rule, action);
      }
    },
  });
}

async function search(
  request: FastifyRequest,
  reply: FastifyReply,
  tenant: string,
  args: object,
  deps: MemoryDeps,
): Promise<MemoryHit[]> {
  const deadline = deadlineOf(reply, deps.timeoutMs);
  try {
    const invocation = {
      tenant,
      path: "/tools/invoke",
      body: JSON.stringify({ tool: "memory_search", agentId: CELL_DEFAULT_AGENT, args }),
      accept: "application/json",
      traceparent: request.trail.trace.traceparent,
      principal: deps.principals.token(tenant, ownerOf(request).keyId),
    } as const;
    const cell = await askCell(deps.cells, invocation, deadline.signal);
    // The tool is missing when the cell runs without its memory plugin.
    if (cell.status === 404) throw refusal("memory/unavailable", "a cell without memory search");
    if (cell.status !== 200) throw refusedBy(cell);
    return hitsOf(parseReply(cell.body.toString("utf8")));
  } finally {
    deadline.release();
  }
}

function parseQuery(query: unknown): z.output<typeof MemoryQuery> {
  const parsed = MemoryQuery.safeParse(query);
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
