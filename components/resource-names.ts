import { createHash } from "node:crypto";

/** What a cloud allows in the names of one kind of resource. */
export interface NameLimit {
  readonly maxLength: number;
  /** @default "-" */
  readonly separator?: "-" | "_" | "/" | "";
  /** Whether the name is unique among all customers of the cloud, as a bucket's is. @default false */
  readonly global?: boolean;
  /** Where the limit was read, with the day. */
  readonly source: string;
}

const HASH_LENGTH = 6;

/**
 * The physical name of a resource: `<environment>-<role>`, cut where the cloud's limit asks for it. A cut name ends in a
 * hash of the whole one, so that two long names never meet; a global name always has one, made of `scope` as well.
 *
 * @param scope account or project that makes a global name the company's own.
 */
export function physicalName(environment: string, role: string, limit: NameLimit, scope = ""): string {
  const separator = limit.separator ?? "-";
  const whole = [environment, role].join(separator);
  if (limit.global !== true && whole.length <= limit.maxLength) return whole;
  const hash = createHash("sha256").update(`${scope}\0${whole}`).digest("hex").slice(0, HASH_LENGTH);
  const kept = whole.slice(0, limit.maxLength - HASH_LENGTH - separator.length).replace(/[-_/]+$/, "");
  return [kept, hash].join(separator);
}
