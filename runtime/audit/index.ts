export { AuditLog, type AuditLogOptions, type AuditNotice } from "./log.ts";
export { type AuditPage, type AuditQuery, type Position, queryAudit } from "./query.ts";
export { type AuditEntry, AuditRecord, auditFileName, chain, GENESIS, hashOf } from "./record.ts";
export { type ChainReport, verifyAuditFile } from "./verify.ts";
