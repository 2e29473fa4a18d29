import { z } from "zod";
import type { SettingsCode } from "./codes.ts";

/** A setting that something makes true. */
export interface Enforced {
  /** The component, Kubernetes object or module that does it. */
  readonly by: string;
  /** File or folder of this repository that holds it. */
  readonly where: string;
  /** The check that shows it by attacking it; null while there is none. */
  readonly attack: string | null;
  /** What it does not cover, when it is not the whole of what the setting says. */
  readonly limits?: string;
}

/** A setting that is accepted and that nothing makes true in this release. */
export interface NotYet {
  readonly notYet: string;
}

/** A setting that only names or describes: there is nothing to make true. */
export interface Label {
  readonly label: string;
}

export type Enforcer = Enforced | NotYet | Label;

/** How a bad value of one leaf is refused, where the general sentence would not help its author. */
interface Refusal {
  readonly code: SettingsCode;
  readonly expected: string;
  readonly remedy: string;
}

/** What every leaf of the schema declares about itself. */
export interface LeafFacts {
  readonly says: string;
  readonly enforcer: Enforcer;
  readonly unit?: string;
  /** Where a number or a rule comes from, with its date. */
  readonly source?: string;
  /** A secret belongs here: only a reference is accepted, and no message quotes what was found. */
  readonly secret?: true;
  /** By zod issue code: `too_small`, `too_big`, `invalid_value`, `invalid_format`, `custom`. */
  readonly refusals?: Readonly<Record<string, Refusal>>;
}

const facts = z.registry<LeafFacts>();

/** Declares a leaf: the one place where a setting gets its meaning and its enforcer, so the two cannot drift apart. */
export function leaf<T extends z.ZodType>(schema: T, about: LeafFacts): T {
  facts.add(schema, about);
  return schema;
}

/** What `schema` declared, if it is a leaf. */
export function factsOf(schema: z.core.$ZodType): LeafFacts | undefined {
  return facts.get(schema);
}
