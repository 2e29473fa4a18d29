import { parseSettings, type Settings } from "@breakwater/runtime/settings";
import { type PriceBook, readPriceBook } from "../../../cost/price-book.ts";
import type { CostedResource } from "../../../cost/resource.ts";
import { sectionsOf } from "../../support/plan.ts";

/** Settings of a shipped environment. */
export function settingsOf(environment: string): Settings {
  return parseSettings(sectionsOf(environment)).settings;
}

let made = 0;

/** A planned resource with only what a meter reads. */
export function planned(
  type: string,
  inputs: Readonly<Record<string, unknown>> = {},
  { name = `thing-${made++}`, dependencies = [] }: { name?: string; dependencies?: readonly string[] } = {},
): CostedResource {
  return { urn: `urn:pulumi:test::breakwater::${type}::${name}`, type, name, custom: true, inputs, dependencies };
}

export const UNKNOWN = { __pulumiUnknown: true };

/** A price book with one source of a day. */
export function bookOf(
  rows: readonly (readonly [string, string, string, string, string, number | null, string, string, string | null])[],
): PriceBook {
  return readPriceBook({ read: "2026-11-23", sources: ["a list"], notes: [], rows: rows.map((row) => [...row, 0]) });
}
