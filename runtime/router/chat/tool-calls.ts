import type { FastifyInstance } from "fastify";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { AuditEntry, AuditLog } from "../../audit/index.ts";
import type { ServiceMetrics } from "../../metrics/index.ts";
import { Refusal } from "../errors.ts";
import type { CellKeys } from "../tenants/cell-keys.ts";

const name = z.string().max(1000);
const ToolCall = z.object({
  /** The same whenever it is delivered again. */
  id: name.min(1),
  /** A call that was let has two records: before it, and when it is over. */
  kind: z.enum(["called", "finished"]).default("called"),
  agent: name.nullish(),
  session: name.nullish(),
  conversation: name.nullish(),
  trace_id: name.nullish(),
  tool: name.min(1),
  decision: z.enum(["allow", "deny"]),
  rule: name.nullish(),
  skill: name.nullish(),
  outcome: z.enum(["ok", "error"]).nullish(),
  duration_ms: z.number().int().nonnegative().nullish(),
});
type ToolCall = z.output<typeof ToolCall>;

const ToolCalls = z.object({ records: z.array(ToolCall).max(1000) });

export interface ToolCallDeps {
  readonly cellKeys: () => CellKeys;
  readonly audit: Pick<AuditLog, "append">;
  readonly metrics: Pick<ServiceMetrics, "skillExecution">;
}

/** Deliveries that are recognised when they come again: more than a cell agent sends at once. */
const REMEMBERED = 20_000;

/**
 * `POST /v1/audit/tool-calls`: the tool calls that a cell's guard let or stopped, into the audit log. Answered only when
 * all are durable. A cell agent that got no answer sends them again: those that are known to be durable are not written
 * or counted twice; after a restart of the router they are, under the same `target`.
 */
export function registerToolCalls(app: FastifyInstance, { cellKeys, audit, metrics }: ToolCallDeps): void {
  const durable = new LRUCache<string, true>({ max: REMEMBERED });
  app.post("/v1/audit/tool-calls", async (request) => {
    const tenant = cellKeys().tenantOf(request.headers.authorization);
    const parsed = ToolCalls.safeParse(request.body);
    if (!parsed.success) {
      const where = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
      throw new Refusal("request/invalid-body", where.slice(0, 5).join("; "));
    }
    const { records } = parsed.data;
    const fresh = new Map(records.map((call) => [`${tenant}/${call.id}`, call]));
    for (const id of fresh.keys()) if (durable.has(id)) fresh.delete(id);
    const written = await Promise.allSettled(
      [...fresh].map(async ([id, call]) => {
        await audit.append(entryOf(tenant, call));
        durable.set(id, true);
        if (call.kind === "called") metrics.skillExecution(tenant, call.skill ?? call.tool, call.decision);
      }),
    );
    const failed = written.find((one) => one.status === "rejected");
    if (failed !== undefined) throw new Refusal("audit/unavailable", undefined, { cause: failed.reason });
    return { accepted: records.length };
  });
}

function entryOf(tenant: string, call: ToolCall): AuditEntry {
  const { id, kind, agent, session, conversation, trace_id, tool, decision, rule, outcome, duration_ms } = call;
  const failed = decision === "allow" && outcome === "error" ? "tool/failed" : "ok";
  return {
    kind: "tool",
    tenant,
    principal: null,
    role: null,
    action: `tool:${tool}`,
    decision,
    code: decision === "deny" ? "tool/denied" : failed,
    status: null,
    // The rule is the text that the deployment configured, not what the call held.
    rules: rule == null ? [] : [`${rule}:block`],
    agent: agent ?? null,
    model: null,
    provider: null,
    conversation: conversation ?? session ?? null,
    tokens_in: null,
    tokens_out: null,
    cost_micro_usd: null,
    target: `${kind}:${id}`,
    duration_ms: duration_ms ?? 0,
    trace_id: trace_id ?? null,
    content: null,
  };
}
