import { createHash } from "node:crypto";

/** One step of the schema. Once released it never changes: a new step corrects it. */
export interface Migration {
  /** 1, 2, 3, ... without a gap. */
  readonly id: number;
  readonly name: string;
  /** Run in this order in one transaction, each by itself. */
  readonly statements: readonly string[];
}

/** Recognises a step that was changed after it ran somewhere. */
export function checksum({ statements }: Migration): string {
  return createHash("sha256").update(JSON.stringify(statements)).digest("hex");
}

/** A step as `schema_migrations` remembers it. */
export interface AppliedMigration {
  readonly id: number;
  readonly name: string;
  readonly checksum: string;
}
