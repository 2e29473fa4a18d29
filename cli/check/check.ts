import type { Problem } from "@breakwater/runtime/problems";
import { ZodError } from "zod";
import { judgePod, type Standard, type Violation } from "../../policies/pod-security/judge.ts";
import { bearsPod, groupOf, type KubernetesObject, rawPodOf } from "../../policies/pod-security/kinds.ts";
import { readPod } from "../../policies/pod-security/pod.ts";
import { fault } from "./codes.ts";
import { parseDocuments, unrendered } from "./documents.ts";
import type { Source } from "./files.ts";
import { type FoundObject, nameOf, namespaceOf, objectsOf } from "./objects.ts";

/** One thing wrong with one pod, with all that its author needs to find and mend it. */
export interface CheckViolation {
  readonly file: string;
  readonly document: string;
  readonly line: number;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string | null;
  /** `pod`, `container app`, `init container x`, `ephemeral container x`, `volume x`. */
  readonly place: string;
  /** The name that Kubernetes has for it. */
  readonly control: string;
  readonly level: string;
  readonly problem: string;
  readonly fix: string;
}

/** What `breakwater check` found. */
export interface CheckReport {
  /** No violation and nothing that could not be judged. */
  readonly ok: boolean;
  readonly level: string;
  /** `v1.N`. */
  readonly version: string;
  /** Files read, standard input among them. */
  readonly files: number;
  /** Pods and pod templates judged. */
  readonly pods: number;
  /** Of these, how many violate something. */
  readonly podsViolating: number;
  readonly violations: readonly CheckViolation[];
  /** Files and documents that could not be judged, and why. */
  readonly problems: readonly Problem[];
  /** Objects of which Kubernetes itself makes no pod, by kind and group: how many there were. */
  readonly notJudged: Readonly<Record<string, number>>;
}

type Verdict = { readonly violations: readonly Violation[] } | { readonly problem: Problem } | "no pod";

/** Judges every pod in the sources. Pure. */
export function check(sources: readonly Source[], standard: Standard): CheckReport {
  const problems: Problem[] = [];
  const violations: CheckViolation[] = [];
  const notJudged = new Map<string, number>();
  let pods = 0;
  let podsViolating = 0;
  for (const found of sources.flatMap(objectsIn)) {
    if (!("object" in found)) {
      problems.push(found);
      continue;
    }
    const verdict = judge(found, standard);
    if (verdict === "no pod") {
      const kind = kindOf(found.object);
      notJudged.set(kind, (notJudged.get(kind) ?? 0) + 1);
    } else if ("problem" in verdict) {
      problems.push(verdict.problem);
    } else {
      pods += 1;
      if (verdict.violations.length > 0) podsViolating += 1;
      violations.push(...verdict.violations.map((violation) => described(found, violation)));
    }
  }
  return {
    ok: violations.length + problems.length === 0,
    level: standard.level,
    version: `v1.${standard.minor}`,
    files: sources.filter((source) => "text" in source).length,
    pods,
    podsViolating,
    violations,
    problems,
    notJudged: Object.fromEntries([...notJudged].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function objectsIn(source: Source): readonly (FoundObject | Problem)[] {
  if ("fault" in source) return [source.fault];
  const { documents, faults } = parseDocuments(source.name, source.text);
  return [...documents.flatMap((document) => objectsOf(source.name, document)), ...faults];
}

function judge(found: FoundObject, standard: Standard): Verdict {
  const { object } = found;
  if (!bearsPod(object)) return "no pod";
  try {
    return { violations: judgePod(readPod(rawPodOf(object)), standard) };
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    return { problem: malformed(found, error) };
  }
}

/** Values are named by their place alone: a manifest may hold what should not be printed. */
function malformed({ file, document, line, object }: FoundObject, error: ZodError): Problem {
  const path = `${file}, document ${document}, line ${line}, ${title(object)}`;
  const [issue] = error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "its pod" : issue.path.join(".");
  if (isTemplated(issue?.path.reduce<unknown>(inner, rawPodOf(object)))) return unrendered(path);
  return fault("check/malformed-pod", path, {
    got: `${place}: ${issue?.message ?? "another shape"}`,
    expected: "a pod that the API server can decode, with a container",
    remedy: "correct that field",
  });
}

function inner(value: unknown, key: PropertyKey): unknown {
  return (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[key];
}

function isTemplated(value: unknown): boolean {
  return typeof value === "string" && value.includes("{{");
}

function described({ file, document, line, object }: FoundObject, violation: Violation): CheckViolation {
  const { control, place, problem } = violation;
  return {
    file,
    document,
    line,
    kind: object.kind,
    namespace: namespaceOf(object) ?? null,
    name: nameOf(object) ?? null,
    place,
    control: control.id,
    level: control.level,
    problem,
    fix: control.fix,
  };
}

function title(object: KubernetesObject): string {
  return [object.kind, namespaceOf(object), nameOf(object)].filter((part) => part !== undefined).join("/");
}

function kindOf(object: KubernetesObject): string {
  const group = groupOf(object);
  return group === "" ? object.kind : `${object.kind}.${group}`;
}
