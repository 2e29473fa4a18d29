/** Something that an operator should read: a torn line set aside, a write that failed. */
export interface AuditNotice {
  readonly level: "warn" | "error";
  readonly message: string;
  readonly error?: unknown;
}
