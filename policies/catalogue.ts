import { z } from "zod";
import catalogue from "./catalogue.json" with { type: "json" };

/** Frameworks that the catalogue maps to, by the word that reports and the command line use. */
export const FRAMEWORKS = {
  iso27001: { name: "ISO/IEC 27001", version: "2022" },
  soc2: { name: "SOC 2 Trust Services Criteria", version: "2017, points of focus of 2022" },
  gdpr: { name: "GDPR", version: "Regulation (EU) 2016/679" },
  pipa: { name: "Korea PIPA", version: "in force 2026" },
  "kr-safety": { name: "Korea Safety Measures Standard", version: "PIPC Notice 2025-9" },
  "isms-p": { name: "Korea ISMS-P", version: "2023" },
  mlps3: { name: "China MLPS 2.0 level 3", version: "GB/T 22239-2019" },
  "cn-law": { name: "Laws and regulations of China", version: "in force 2026" },
  "cis-kubernetes": { name: "CIS Kubernetes Benchmark", version: "1.8, section 5" },
  "cis-eks": { name: "CIS EKS Benchmark", version: "1.5, section 5" },
  pss: { name: "Kubernetes Pod Security Standards", version: "1.37" },
} as const;

export type Framework = keyof typeof FRAMEWORKS;

const entry = z.strictObject({
  id: z.string().regex(/^[A-Z0-9]{2,3}-\d{3}$/),
  /** The rule as a sentence; our own words, never a standard's text. */
  title: z.string(),
  severity: z.enum(["low", "medium", "high", "critical"]),
  /**
   * What can tell: the planned resources; only what the settings declare; only what runs; only a person. What a plan
   * cannot tell is never reported as passed.
   */
  decides: z.enum(["plan", "declared", "running", "person"]),
  looksAt: z.array(z.string()),
  property: z.string().optional(),
  expects: z.string().optional(),
  /** By framework: controls; a mapping that is less than sure says so, `8.2.2.1 (medium)`. */
  controls: z.partialRecord(z.enum(Object.keys(FRAMEWORKS) as [Framework, ...Framework[]]), z.array(z.string())),
  /** What the reader does next. */
  remedy: z.string(),
  /** Where it holds only, such as `region=china & exposure=public`. */
  applies: z.string().optional(),
});

/** One rule of the catalogue: what is asked, by whom, and who can tell whether it holds. */
export type CatalogueRule = Readonly<z.output<typeof entry>>;

/** The 135 rules, in order; read on the day that the file names. */
export const CATALOGUE: readonly CatalogueRule[] = z
  .object({ read: z.iso.date(), rules: z.array(entry) })
  .parse(catalogue).rules;

const byId = new Map(CATALOGUE.map((rule) => [rule.id, rule]));

/** @throws Error when the catalogue has no such rule, which is a mistake of the pack. */
export function catalogued(id: string): CatalogueRule {
  const rule = byId.get(id);
  if (rule === undefined) throw new Error(`the catalogue has no rule ${id}`);
  return rule;
}

/** Controls of a rule as references, `iso27001/A.8.22`, without how sure the mapping is. */
export function controlRefs({ controls }: CatalogueRule): readonly string[] {
  return Object.entries(controls).flatMap(([framework, ids]) =>
    (ids ?? []).map((id) => `${framework}/${id.replace(/ \((low|medium)\)$/, "")}`),
  );
}
