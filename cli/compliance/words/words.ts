import type { Framework } from "../../../policies/catalogue.ts";
import type { Standing, Verdict } from "../verdict.ts";

/** Languages of reports. */
export const LANGUAGES = ["en", "zh", "ko"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Every text of a report in one language; `{name}` stands for what is put in. Ids, URNs and problems stay as they are. */
export interface Words {
  /** BCP 47 tag. */
  readonly tag: string;
  /** Name and version of each framework. */
  readonly frameworks: Readonly<Record<Framework, { readonly name: string; readonly version: string }>>;
  readonly title: string;
  readonly subtitle: string;
  readonly fields: {
    readonly environment: string;
    readonly topology: string;
    readonly place: string;
    readonly day: string;
    readonly resources: string;
  };
  /** Where nobody says under whose law an environment stands. */
  readonly noPlace: string;
  /** What a reader must know before the verdicts. */
  readonly notes: readonly string[];
  /** In place of the list of controls without a rule, where the framework's list is not here. */
  readonly incomplete: string;
  readonly headings: {
    readonly summary: string;
    readonly controls: string;
    readonly notCovered: string;
    readonly rules: string;
    readonly verdict: string;
    readonly count: string;
    readonly meaning: string;
  };
  readonly verdicts: Readonly<Record<Verdict, { readonly label: string; readonly meaning: string }>>;
  readonly standings: Readonly<Record<Standing, string>>;
  readonly severities: Readonly<Record<string, string>>;
  readonly confidence: Readonly<Record<"medium" | "low", string>>;
  readonly settingStates: Readonly<Record<"enforced" | "partly" | "not yet" | "label", string>>;
  readonly lines: {
    /** `{list}` */
    readonly decidedBy: string;
    /** The rule looks at the whole stack. */
    readonly wholeStack: string;
    /** `{count}` */
    readonly more: string;
    readonly problem: string;
    readonly open: string;
    /** `{owner}`, `{expires}`, `{reason}` */
    readonly exception: string;
    /** `{path}`, `{value}`, `{state}` */
    readonly setting: string;
    readonly remedy: string;
    readonly none: string;
  };
}
