import type { z } from "zod";
import type { Answer, Operation } from "../../openapi/document.ts";
import { KeyCreation, KeyList, KeyQuery, KeyRotation, NewKey, RevokedKey, RotatedKey } from "../access/keys.ts";
import { AgentCreation, AgentList, AgentPatch, AgentView, DeletedAgent } from "../agents/routes.ts";
import { AuditExportQuery, AuditLogPage, AuditLogQuery } from "../reports/audit-log.ts";
import { UsageAnswer, UsageQuery } from "../reports/usage.ts";
import { ADMITTED, TENANT_HEADER, WITH_BODY } from "./common-errors.ts";

const json = (description: string, schema: z.ZodType): Answer => ({
  description,
  content: { "application/json": schema },
});

const KEY_ID = { id: "The key's id: the eight characters after `bw_`." };
const AGENT_ID = { id: "The agent's id." };
const EFFECTIVE = `Answered when every replica of the front door works with the change. Where one does not confirm it within
3 s, the answer says \`"effective": "pending"\` and how many are missing; the change is stored all the same.`;
const PENDING = "Kept, and the cell has yet to take it; it is tried again until it has.";

const KEYS: readonly Operation[] = [
  {
    id: "createKey",
    ...{ method: "post", path: "/api/keys", tag: "Keys" },
    summary: "Make an API key",
    description: `No key has more rights than the one that makes it: tenant, role, limits, life. ${EFFECTIVE}`,
    permission: "key:create",
    headers: TENANT_HEADER,
    body: { schema: KeyCreation, required: true },
    answers: { 201: json("The key, shown this once.", NewKey) },
    errors: [...ADMITTED, ...WITH_BODY, "key/unknown-role", "key/escalation"],
  },
  {
    id: "listKeys",
    ...{ method: "get", path: "/api/keys", tag: "Keys" },
    summary: "All keys, or a tenant's",
    permission: "key:view",
    headers: TENANT_HEADER,
    query: KeyQuery,
    answers: { 200: json("Their records, oldest first; never a key.", KeyList) },
    errors: [...ADMITTED, "request/invalid-query"],
  },
  {
    id: "rotateKey",
    ...{ method: "post", path: "/api/keys/{id}/rotate", tag: "Keys" },
    summary: "Replace a key by a new one with the same rights",
    description: `Only for keys whose rights you have yourself, because you get the new secret. ${EFFECTIVE}`,
    permission: "key:rotate",
    params: KEY_ID,
    headers: TENANT_HEADER,
    body: { schema: KeyRotation, required: false },
    answers: { 201: json("The new key, shown this once.", RotatedKey) },
    errors: [...ADMITTED, ...WITH_BODY, "key/not-found", "key/escalation"],
  },
  {
    id: "revokeKey",
    ...{ method: "delete", path: "/api/keys/{id}", tag: "Keys" },
    summary: "Refuse a key from now on",
    description: `Holds for keys that the deployment made as well. Repeating it is no error. ${EFFECTIVE}`,
    permission: "key:revoke",
    params: KEY_ID,
    headers: TENANT_HEADER,
    answers: { 200: json("The key's record.", RevokedKey) },
    errors: [...ADMITTED, "key/not-found"],
  },
];

const AGENTS: readonly Operation[] = [
  {
    id: "listAgents",
    ...{ method: "get", path: "/api/agents", tag: "Agents" },
    summary: "A tenant's agents",
    permission: "agent:view",
    headers: TENANT_HEADER,
    answers: { 200: json("All of them, the default one first.", AgentList) },
    errors: [...ADMITTED, "tenancy/missing", "agent/unavailable"],
  },
  {
    id: "createAgent",
    ...{ method: "post", path: "/api/agents", tag: "Agents" },
    summary: "Make an agent",
    description:
      "Within the tenant's `max_agents`, which counts the default agent. Answered when the cell runs with it.",
    permission: "agent:create",
    headers: TENANT_HEADER,
    body: { schema: AgentCreation, required: true },
    answers: { 201: json("The agent.", AgentView), 202: json(PENDING, AgentView) },
    errors: [
      ...ADMITTED,
      ...WITH_BODY,
      "tenancy/missing",
      "agent/exists",
      "agent/limit",
      "agent/refused",
      "agent/unavailable",
    ],
  },
  {
    id: "updateAgent",
    ...{ method: "patch", path: "/api/agents/{id}", tag: "Agents" },
    summary: "Change an agent",
    description: "Skills that it gains need `skill:install` as well, skills that it loses `skill:remove`.",
    permission: "agent:update",
    params: AGENT_ID,
    headers: TENANT_HEADER,
    body: { schema: AgentPatch, required: true },
    answers: { 200: json("The agent.", AgentView), 202: json(PENDING, AgentView) },
    errors: [...ADMITTED, ...WITH_BODY, "tenancy/missing", "agent/not-found", "agent/default", "agent/unavailable"],
  },
  {
    id: "deleteAgent",
    ...{ method: "delete", path: "/api/agents/{id}", tag: "Agents" },
    summary: "Delete an agent",
    permission: "agent:delete",
    params: AGENT_ID,
    headers: TENANT_HEADER,
    answers: { 200: json("It is gone.", DeletedAgent), 202: json(PENDING, DeletedAgent) },
    errors: [...ADMITTED, "tenancy/missing", "agent/not-found", "agent/default", "agent/unavailable"],
  },
];

const REPORTS: readonly Operation[] = [
  {
    id: "readUsage",
    ...{ method: "get", path: "/api/usage", tag: "Reports" },
    summary: "What was used and paid in a month",
    description: "A key that is bound to a tenant sees its own tenant's with `agent:view` as well.",
    permission: "usage:view",
    headers: TENANT_HEADER,
    query: UsageQuery,
    answers: { 200: json("Budgets and use, by tenant.", UsageAnswer) },
    errors: [...ADMITTED, "request/invalid-query", "usage/unavailable"],
  },
  {
    id: "readAuditLog",
    ...{ method: "get", path: "/api/audit/logs", tag: "Reports" },
    summary: "Pages of the audit log, oldest first",
    permission: "log:view",
    headers: TENANT_HEADER,
    query: AuditLogQuery,
    answers: { 200: json("One page.", AuditLogPage) },
    errors: [...ADMITTED, "request/invalid-query", "audit/unreadable"],
  },
  {
    id: "exportAuditLog",
    ...{ method: "get", path: "/api/audit/export", tag: "Reports" },
    summary: "All records that match, one JSON object a line",
    description: "An answer that breaks off is incomplete: the log could not be read to its end.",
    permission: "audit:export",
    headers: TENANT_HEADER,
    query: AuditExportQuery,
    answers: { 200: { description: "The records, oldest first.", content: { "application/x-ndjson": undefined } } },
    errors: [...ADMITTED, "request/invalid-query", "audit/unreadable"],
  },
];

/** The routes for those who run a deployment or answer for it. */
export const ADMIN_OPERATIONS: readonly Operation[] = [...KEYS, ...AGENTS, ...REPORTS];
