export { AuditLog } from "./log.ts";
export type { AuditLogOptions } from "./log-options.ts";
export type { AuditNotice } from "./notice.ts";
export { type OpenAuditDeps, openAuditLog } from "./open.ts";
export {
  type AuditFilter,
  type AuditPage,
  type AuditQuery,
  exportAudit,
  type Position,
  queryAudit,
} from "./query.ts";
export { type AuditEntry, AuditRecord } from "./record.ts";
export type { ExportLag } from "./ship/shipper.ts";
export { type VerifyOptions, verifyAudit } from "./verify.ts";
export type { AuditFault, VerifyReport, WriterReport } from "./verify-report.ts";
