import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { type AuditFilter, AuditRecord, exportAudit, type Position, queryAudit } from "../../audit/index.ts";
import { ProblemError } from "../../problems/index.ts";
import { type GuardDeps, guard, header } from "../access/guard.ts";
import { resolveAuditedTenant } from "../access/tenancy.ts";
import { refusal } from "../errors.ts";
import { parseQuery } from "../http/input.ts";

export interface AuditLogDeps extends GuardDeps {
  /** Shared by all replicas. */
  readonly directory: string;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
const DAY_MS = 86_400_000;
/** Lines are sent together up to about so many characters: one write a line would be most of the work. */
const PIECE_CHARS = 65_536;

const when = z.union([z.iso.date(), z.iso.datetime({ offset: true })], { error: "2026-03-01 or 2026-03-01T08:00:00Z" });
const word = z.string().min(1).max(200);
const Cursor = z.tuple([z.iso.datetime(), z.string().max(200), z.number().int().positive()]);

/** Query of `GET /api/audit/export`. */
export const AuditExportQuery = z.object({
  tenant: z.string().min(1).max(63).optional(),
  from: when.optional().meta({ description: "A day (UTC) or an instant, inclusive." }),
  to: when.optional().meta({ description: "A day (UTC), inclusive, or an instant, exclusive." }),
  kind: AuditRecord.shape.kind.optional(),
  action: word.optional(),
  principal: word.optional().meta({ description: "Id of an API key." }),
  code: word.optional().meta({ description: "`ok` or an error code." }),
  decision: AuditRecord.shape.decision.optional(),
});

/** Query of `GET /api/audit/logs`. */
export const AuditLogQuery = AuditExportQuery.extend({
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: z.string().max(500).optional().meta({ description: "`next_cursor` of the page before." }),
});

export const AuditLogPage = z.object({
  tenant: z.string().nullable(),
  records: z.array(AuditRecord),
  next_cursor: z.string().nullable(),
});

const FILTERS = "`tenant`, `from`, `to`, `kind`, `action`, `principal`, `code` and `decision`";

/**
 * `GET /api/audit/logs` and `GET /api/audit/export`: the records of all replicas, oldest first, as pages of JSON or all
 * of them as NDJSON. Dates are days in UTC, `to` included; an instant in `to` is where the period ends, itself excluded.
 */
export function registerAuditLog(app: FastifyInstance, deps: AuditLogDeps): void {
  app.get("/api/audit/logs", {
    onRequest: (request) => {
      const tenant = tenantIn(request.query);
      const named = header(request, "x-tenant-id");
      return guard(request, "log:view", (principal) => resolveAuditedTenant(principal, named, tenant), deps);
    },
    handler: async (request) => {
      const remedy = `send any of ${FILTERS}, \`limit\` (1 to ${MAX_LIMIT}) and \`cursor\``;
      const { limit, cursor, ...query } = parseQuery(AuditLogQuery, request.query, remedy);
      const { tenant } = request.trail;
      const after = cursor === undefined ? undefined : parseCursor(cursor);
      const filter = filterOf(query, tenant);
      const { records, next } = await readable(() => queryAudit(deps.directory, { ...filter, limit, after }));
      return { tenant, records, next_cursor: next === undefined ? null : formatCursor(next) };
    },
  });
  app.get("/api/audit/export", {
    onRequest: (request) => {
      const tenant = tenantIn(request.query);
      const named = header(request, "x-tenant-id");
      return guard(request, "audit:export", (principal) => resolveAuditedTenant(principal, named, tenant), deps);
    },
    handler: async (request, reply) => {
      const query = parseQuery(AuditExportQuery, request.query, `send any of ${FILTERS}`);
      const pieces = piecesOf(exportAudit(deps.directory, filterOf(query, request.trail.tenant)));
      // Read before the answer begins: a log that cannot be read at all is an error, not an empty file.
      const first = await readable(() => pieces.next());
      reply.header("content-type", "application/x-ndjson; charset=utf-8").header("cache-control", "no-store");
      return reply.send(Readable.from(startingWith(first, pieces), { objectMode: false }));
    },
  });
}

/** Joins lines into pieces worth a write. Ending it early ends the lines, and with them the open files. */
async function* piecesOf(lines: AsyncIterable<string>): AsyncGenerator<string, void, void> {
  let piece = "";
  for await (const line of lines) {
    piece += line;
    if (piece.length < PIECE_CHARS) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

async function* startingWith(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void, void>,
): AsyncGenerator<string, void, void> {
  try {
    if (first.done !== true) yield first.value;
    yield* rest;
  } finally {
    await rest.return();
  }
}

async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
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

function filterOf(
  { from, to, kind, action, principal, code, decision }: z.output<typeof AuditExportQuery>,
  tenant: string | null,
): AuditFilter {
  const period = { from: from && startOf(from), before: to && endOf(to) };
  return { tenant: tenant ?? undefined, ...period, kind, action, principal, code, decision };
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
