export { AuditLog, type AuditLogOptions, type AuditNotice } from "./log.ts";
export { type AuditPage, type AuditQuery, type Position, queryAudit } from "./query.ts";
export type { AuditEntry, AuditRecord } from "./record.ts";
