import type { Problem } from "@breakwater/runtime/problems";

/** What can be wrong with what `breakwater check` is given, each with a test. */
export type CheckCode =
  /** A file or folder cannot be read. */
  | "check/unreadable"
  /** A folder has no manifest, or a file has no object. */
  | "check/empty"
  /** Text that is not YAML or JSON. */
  | "check/not-yaml"
  /** A template that has to be rendered first. */
  | "check/template"
  /** YAML that is not a Kubernetes object. */
  | "check/not-an-object"
  /** A pod, or a workload's pod template, that the API server could not decode. */
  | "check/malformed-pod";

/** A fault of the input at a place: a file, or a document of it. */
export function fault(code: CheckCode, path: string, rest: Pick<Problem, "got" | "expected" | "remedy">): Problem {
  return { code, path, ...rest };
}
