import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { type AuditPage, type AuditQuery, type Position, queryAudit } from "../audit/index.ts";
import { ProblemError } from "../problems/index.ts";
import { zodProblems } from "../service/zod-problems.ts";
import { Refusal, refusal } from "./errors.ts";
import { type GuardDeps, guard, header } from "./guard.ts";
import { resolveAuditedTenant } from "./tenancy.ts";

export interface AuditLogDeps extends GuardDeps {
  /** Shared by all replicas. */
  readonly directory: string;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
const DAY_MS = 86_400_000;

const when = z.union([z.iso.date(), z.iso.datetime({ offset: true })], { error: "2026-03-01 or 2026-03-01T08:00:00Z" });
const Cursor = z.tuple([z.iso.datetime(), z.string().max(200), z.number().int().positive()]);

const Query = z.object({
  tenant: z.string().min(1).max(63).optional(),
  from: when.optional(),
  to: when.optional(),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: z.string().max(500).optional(),
});
type Query = z.output<typeof Query>;

/**
 * `GET /api/audit/logs?tenant=&from=&to=&limit=&cursor=`: the records of all replicas, oldest first.
 * Dates are days in UTC, `to` included; an instant in `to` is where the period ends, itself excluded.
 */
export function registerAuditLog(app: FastifyInstance, deps: AuditLogDeps): void {
  app.get("/api/audit/logs", {
    onRequest: (request) =>
      guard(
        request,
        "log:view",
        (principal) => resolveAuditedTenant(principal, header(request, "x-tenant-id"), tenantIn(request.query)),
        deps,
      ),
    handler: async (request) => {
      const { limit, from, to, cursor } = parseQuery(request.query);
      const tenant = request.trail.tenant ?? undefined;
      const period = { from: from && startOf(from), before: to && endOf(to) };
      const after = cursor === undefined ? undefined : parseCursor(cursor);
      const { records, next } = await read(deps.directory, { tenant, ...period, limit, after });
      return { tenant: tenant ?? null, records, next_cursor: next === undefined ? null : formatCursor(next) };
    },
  });
}

async function read(directory: string, query: AuditQuery): Promise<AuditPage> {
  try {
    return await queryAudit(directory, query);
  } catch (error) {
    if (error instanceof ProblemError) throw refusal("audit/unreadable", "a damaged file", { cause: error });
    throw error;
  }
}

/** The tenant asked for, before the query as a whole is checked: who may see it is decided first. */
function tenantIn(query: unknown): string | undefined {
  const parsed = z.object({ tenant: z.string().optional() }).safeParse(query);
  if (!parsed.success) throw refusal("request/invalid-query", "more than one tenant");
  return parsed.data.tenant;
}

function parseQuery(query: unknown): Query {
  const parsed = Query.safeParse(query);
  if (parsed.success) return parsed.data;
  const remedy = "send `?tenant=<id>&from=<date>&to=<date>&limit=<1 to 1000>`";
  const about = { code: "request/invalid-query", root: "", remedy } as const;
  throw new Refusal("request/invalid-query", zodProblems(parsed.error, query, about));
}

function startOf(text: string): string {
  return new Date(text).toISOString();
}

function endOf(text: string): string {
  const time = Date.parse(text);
  return new Date(text.includes("T") ? time : time + DAY_MS).toISOString();
}

function formatCursor({ time, writer, seq }: Position): string {
  return Buffer.from(JSON.stringify([time, writer, seq])).toString("base64url");
}

function parseCursor(text: string): Position {
  try {
    const [time, writer, seq] = Cursor.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    return { time, writer, seq };
  } catch (cause) {
    throw refusal("request/invalid-query", "a cursor that this API did not give", { cause, path: "cursor" });
  }
}
