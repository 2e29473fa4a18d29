import { z } from "zod";

/** A planned resource, as far as its cost goes. */
export interface CostedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** False of components, which cost what their children cost. @default true */
  readonly custom?: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URNs that must exist first. */
  readonly dependencies?: readonly string[];
}

/** Whether a planned value is one that only an update would know. */
export function isUnknown(value: unknown): boolean {
  return typeof value === "object" && value !== null && "__pulumiUnknown" in value;
}

/** Whether a value is kept from whoever reads a plan or a state, or has such a part. */
export function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && "__pulumiSecret" in value;
}

/** Thrown where an input that a price depends on cannot be read; the line is then unpriced, with this as its reason. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/**
 * The fields of a resource that its meter reads.
 *
 * @throws Unreadable where one is known only after an update, or is not what the meter expects.
 */
export function read<Shape extends z.ZodRawShape>(
  shape: z.ZodObject<Shape>,
  { inputs }: CostedResource,
): z.output<z.ZodObject<Shape>> {
  const found = shape.safeParse(inputs);
  if (found.success) return found.data;
  const path = found.error.issues[0]?.path ?? [];
  let value: unknown = inputs;
  for (const key of path) {
    if (isUnknown(value) || isSecret(value)) break;
    value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  }
  throw new Unreadable(`its ${path.map(String).join(".")} ${whyUnreadable(value)}`);
}

function whyUnreadable(value: unknown): string {
  if (isUnknown(value)) return "is known only after an update";
  return isSecret(value) ? "is a secret" : "is not as expected";
}

/** Metadata of a Kubernetes object. */
export const metadata = z.object({
  namespace: z.string().optional(),
  annotations: z.record(z.string(), z.unknown()).optional(),
});

const QUANTITY = /^(\d+(?:\.\d+)?)(Mi|Gi|Ti)?$/;

/** GiB of a Kubernetes quantity such as `20Gi`. @throws Unreadable */
export function gib(quantity: string): number {
  const [, number, unit] = QUANTITY.exec(quantity) ?? [];
  if (number === undefined) throw new Unreadable(`its size ${JSON.stringify(quantity)} is not as expected`);
  const factors: Readonly<Record<string, number>> = { Mi: 1 / 1024, Gi: 1, Ti: 1024 };
  return Number(number) * (unit === undefined ? 1 / 1024 ** 3 : (factors[unit] ?? 1));
}
