import { createHash } from "node:crypto";
import type { Demand } from "./demand.ts";

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

/** Letters and digits of the hash: 31 bits, so that of a thousand cut names two meet once in four thousand accounts. */
const HASH_LENGTH = 6;

/**
 * The physical name of a resource: `<environment>-<role>`, cut where the cloud's limit asks for it. A cut name ends in a
 * hash of the whole one, so that two long names do not meet; a global name always has one, made of `scope` as well.
 *
 * @param scope account or project that makes a global name the company's own.
 */
export function physicalName(environment: string, role: string, limit: NameLimit, scope = ""): string {
  const separator = limit.separator ?? "-";
  const whole = [environment, role].join(separator);
  if (limit.global !== true && whole.length <= limit.maxLength) return whole;
  const hash = hashOf(`${scope}\0${whole}`);
  const kept = whole.slice(0, Math.max(0, limit.maxLength - HASH_LENGTH - separator.length)).replace(/[-_/]+$/, "");
  return [kept, hash].filter((part) => part !== "").join(separator);
}

/** Lower-case letters and digits, which every cloud takes anywhere in a name. */
function hashOf(text: string): string {
  const number = BigInt(`0x${createHash("sha256").update(text).digest("hex")}`);
  return number.toString(36).slice(-HASH_LENGTH);
}

/**
 * {@link physicalName} of an environment's resource. Where names are unique among all customers, owner and region make the
 * hash the company's own.
 */
export function nameIn(
  { environment, owner, region }: Pick<Demand, "environment" | "owner" | "region">,
  role: string,
  limit: NameLimit,
): string {
  return physicalName(environment, role, limit, `${owner}/${region}`);
}
