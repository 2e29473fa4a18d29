/** Type token of secrets made of files. */
export const SECRET_FILES = "breakwater:index:SecretFiles";

/** Pulumi's stand-in for a value that is known only after `up` (sdk/go/common/resource/plugin/rpc.go). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A Kubernetes Secret described without a single secret: where its content lies, and a keyed digest of it. */
export interface SecretFilesInputs {
  readonly namespace: string;
  readonly name: string;
  /** Secret key to path below the secrets folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Text that leads to the cluster; undefined: what KUBECONFIG of the deploying machine names. */
  readonly kubeconfig: string | undefined;
}

/** One refused property, in the engine's terms. `reason` is `[area/code] ...` and never quotes a file's content. */
export interface InputFailure {
  readonly property: string;
  readonly reason: string;
}

/** True for a value, or anything inside it, that only `up` will know. */
export function isUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isUnknown);
}

/** What is wrong with the shape of the inputs, all of it at once; unknown values are left to the run that knows them. */
export function shapeFailures(raw: Readonly<Record<string, unknown>>): readonly InputFailure[] {
  return [
    ...Object.keys(raw).flatMap((key) =>
      FIELDS.has(key) ? [] : [failure(key, key, "no such field", [...FIELDS].join(", "))],
    ),
    ...["namespace", "name"].flatMap((field) => dnsFailures(field, raw[field])),
    ...fileFailures(raw["files"]),
    ...labelFailures(raw["labels"]),
    ...kubeconfigFailures(raw["kubeconfig"]),
  ];
}

const FIELDS = new Set(["namespace", "name", "files", "labels", "kubeconfig", "fingerprint"]);

/** RFC 1123 label, as Kubernetes asks of a namespace; our Secret names are labels too. */
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** What Kubernetes accepts as a key of a Secret (apimachinery validation.IsConfigMapKey). */
const SECRET_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

function dnsFailures(field: string, value: unknown): readonly InputFailure[] {
  if (isUnknown(value) || (typeof value === "string" && DNS_LABEL.test(value))) return [];
  return [failure(field, field, show(value), "a DNS label of at most 63 characters")];
}

function fileFailures(files: unknown): readonly InputFailure[] {
  if (isUnknown(files) && typeof files === "string") return [];
  if (!isRecord(files) || Object.keys(files).length === 0) {
    return [failure("files", "files", show(files), "at least one `key: path`")];
  }
  return Object.entries(files).flatMap(([key, path]) => [
    ...(SECRET_KEY.test(key)
      ? []
      : [failure("files", `files[${key}]`, "that key", "letters, digits, `-`, `_` and `.`")]),
    ...(isUnknown(path) || isInside(path) ? [] : [outside(key, path)]),
  ]);
}

function isInside(path: unknown): boolean {
  if (typeof path !== "string" || path.includes("\0")) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

function outside(key: string, path: unknown): InputFailure {
  const reason = `[secrets/outside] files[${key}]: got ${show(path)}; expected a relative path that stays below the secrets folder; remove \`..\`, empty parts and the leading slash`;
  return { property: "files", reason };
}

function labelFailures(labels: unknown): readonly InputFailure[] {
  if (labels === undefined || isUnknown(labels)) return [];
  const sound = isRecord(labels) && Object.values(labels).every((value) => typeof value === "string");
  return sound ? [] : [failure("labels", "labels", show(labels), "text by text")];
}

/** Never quoted: it may hold a credential. */
function kubeconfigFailures(kubeconfig: unknown): readonly InputFailure[] {
  const sound = kubeconfig === undefined || (typeof kubeconfig === "string" && kubeconfig.trim() !== "");
  return sound ? [] : [failure("kubeconfig", "kubeconfig", "something else", "the text of a kubeconfig")];
}

function failure(property: string, path: string, got: string, expected: string): InputFailure {
  return {
    property,
    reason: `[secrets/malformed] ${path}: got ${got}; expected ${expected}; correct the SecretFiles resource`,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

/** Reads inputs that {@link shapeFailures} found sound. */
export function readInputs(raw: Readonly<Record<string, unknown>>): SecretFilesInputs {
  const { namespace, name, files, labels, kubeconfig } = raw as unknown as SecretFilesInputs & {
    labels?: Record<string, string>;
  };
  return { namespace, name, files, labels: labels ?? {}, kubeconfig };
}

/** What changed between the deployed and the wanted Secret, by field name. */
export function changedFields(
  olds: Readonly<Record<string, unknown>>,
  news: Readonly<Record<string, unknown>>,
): readonly string[] {
  return ["namespace", "name", "fingerprint", "labels", "kubeconfig"].filter((field) => {
    const [before, after] = [olds[field] ?? {}, news[field] ?? {}];
    return canonical(before) !== canonical(after);
  });
}

function canonical(value: unknown): string {
  return isRecord(value)
    ? JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : JSON.stringify(value);
}
