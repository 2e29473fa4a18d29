import type { Framework } from "../../policies/catalogue.ts";

/** Stem and how many follow it: `A.8.` and 34 stand for A.8.1 to A.8.34. */
type Series = readonly (readonly [stem: string, count: number])[];

/**
 * All controls of a framework, so that a report can name those that no rule covers. Left out are laws, of which only some
 * articles are about systems, and frameworks whose list was not read.
 *
 * Counted 2026-11-24: ISO/IEC 27001:2022 Annex A (93 controls); SOC 2 Trust Services Criteria 2017 (61 criteria);
 * GB/T 22239-2019 level 3, general requirements 8.1 (71) and extension for cloud computing 8.2 (16).
 */
const SERIES: Partial<Record<Framework, Series>> = {
  iso27001: [
    ["A.5.", 37],
    ["A.6.", 8],
    ["A.7.", 14],
    ["A.8.", 34],
  ],
  soc2: [
    ["CC1.", 5],
    ["CC2.", 3],
    ["CC3.", 4],
    ["CC4.", 2],
    ["CC5.", 3],
    ["CC6.", 8],
    ["CC7.", 5],
    ["CC8.", 1],
    ["CC9.", 2],
    ["A1.", 3],
    ["C1.", 2],
    ["PI1.", 5],
    ["P1.", 1],
    ["P2.", 1],
    ["P3.", 2],
    ["P4.", 3],
    ["P5.", 2],
    ["P6.", 7],
    ["P7.", 1],
    ["P8.", 1],
  ],
  mlps3: [
    ["8.1.1.", 10],
    ["8.1.2.", 3],
    ["8.1.3.", 6],
    ["8.1.4.", 11],
    ["8.1.5.", 4],
    ["8.1.6.", 4],
    ["8.1.7.", 5],
    ["8.1.8.", 4],
    ["8.1.9.", 10],
    ["8.1.10.", 14],
    ["8.2.1.", 1],
    ["8.2.2.", 1],
    ["8.2.3.", 3],
    ["8.2.4.", 7],
    ["8.2.5.", 1],
    ["8.2.6.", 2],
    ["8.2.7.", 1],
  ],
};

/** Every control of a framework; undefined where no complete list is here. */
export function controlsOf(framework: Framework): readonly string[] | undefined {
  return SERIES[framework]?.flatMap(([stem, count]) => Array.from({ length: count }, (_, at) => `${stem}${at + 1}`));
}

/** How sure a mapping of a rule to a control is. */
export type Confidence = "high" | "medium" | "low";

/** Reads `8.2.2.1 (medium)`; without a word the mapping is sure. */
export function mappedControl(reference: string): { readonly control: string; readonly confidence: Confidence } {
  const [, control = reference, confidence = "high"] = /^(.*?)(?: \((low|medium)\))?$/.exec(reference) ?? [];
  return { control, confidence: confidence as Confidence };
}

/** A.8.2 before A.8.10. */
export function byControl(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
