import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PlannedResource } from "../../cli/plan/recorder.ts";
import { ENGINE_BIN } from "../../tools/engine/engine.ts";
import { parseEvent } from "../../tools/engine/events.ts";
import { linkPlanOnly, type PlannedPackage } from "../../tools/engine/plan-only/link.ts";
import { runPulumi } from "../../tools/engine/process.ts";
import { IMAGE_NAMES } from "../../tools/images/image-name.ts";
import { projectRoot } from "../../tools/paths.ts";

/** One resource as the real engine knows it after a preview. */
export interface PreviewedResource {
  readonly urn: string;
  readonly op: string;
  readonly parent: string;
  readonly protected: boolean;
  readonly retainOnDelete: boolean;
  /** URN of the provider; empty for a component. */
  readonly provider: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What a preview said. */
export interface EnginePreview {
  readonly resources: readonly PreviewedResource[];
  /** `severity: message`, of everything above `info`. */
  readonly complaints: readonly string[];
  /** What policy packs said. */
  readonly policies: readonly PolicyWord[];
}

/** One thing that a policy pack said. */
export interface PolicyWord {
  readonly policyName: string;
  readonly resourceUrn?: string;
  readonly enforcementLevel: string;
  readonly message: string;
}

/** The SDK in node_modules asks for the provider of its own version. */
function sdk(name: string): PlannedPackage {
  const file = join(projectRoot, "node_modules", "@pulumi", name, "package.json");
  return { name, version: (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version };
}

/**
 * Providers that are answered by the plan-only provider. That of Kubernetes is among them: before a cluster exists the
 * engine asks it nothing but defaults, and the real one would refuse a chart for want of a cluster.
 */
const PLANNED: readonly PlannedPackage[] = [
  ...["aws", "alicloud", "docker-build", "kubernetes"].map(sdk),
  { name: "terraform-provider", version: "1.1.1" },
];

/** A preview by the real engine, of a program of this checkout. */
export interface PreviewArgs {
  readonly pulumi: string;
  /** Folder of the program, relative to the checkout. */
  readonly program: string;
  readonly stack: string;
  /** Text of the stack's configuration file. */
  readonly configuration: string;
  /** Files below the secrets folder that the program names. */
  readonly secrets: readonly string[];
  /** A provider in place of the plan-only one, for every package and for our own plugin. */
  readonly provider?: string;
  /** Arguments instead of those of a preview. */
  readonly args?: readonly string[];
  /** Looks at what the run left, before it is removed: the project's folder, with `state/` in it, and its variables. */
  readonly afterwards?: (folder: string, variables: Readonly<Record<string, string>>) => Promise<void>;
}

/** Runs it in a project folder of its own, so that no file of the checkout is written. @throws Error with what it said. */
export async function previewByEngine(run: PreviewArgs): Promise<EnginePreview> {
  const folder = await mkdtemp(join(tmpdir(), "breakwater-preview-"));
  try {
    return await previewIn(folder, run);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function previewIn(folder: string, run: PreviewArgs): Promise<EnginePreview> {
  const variables = await prepare(folder, run);
  const call = { pulumi: run.pulumi, cwd: folder, environment: variables };
  const made = await runPulumi({ ...call, args: ["stack", "init", run.stack] });
  if (made.code !== 0) throw new Error(made.stderrTail);
  const resources: PreviewedResource[] = [];
  const complaints: string[] = [];
  const policies: PolicyWord[] = [];
  const args = run.args ?? ["preview"];
  const { code, stderrTail } = await runPulumi({
    ...call,
    args: [...args, "--json", "--stack", run.stack],
    onLine: (line) => {
      const event = parseEvent(line) as Event | undefined;
      const { severity, message = "" } = event?.diagnosticEvent ?? {};
      if (severity === "warning" || severity === "error") complaints.push(`${severity}: ${message.trim()}`);
      if (event?.policyEvent !== undefined) policies.push(event.policyEvent);
      const step = event?.resourcePreEvent?.metadata;
      if (step?.new !== undefined) resources.push(previewed(step, step.new));
    },
  });
  if (code !== 0) throw new Error([...complaints, ...refused(policies), stderrTail].join("\n"));
  await run.afterwards?.(folder, variables);
  return { resources, complaints, policies };
}

function refused(policies: readonly PolicyWord[]): readonly string[] {
  const mandatory = policies.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
  return mandatory.map(({ policyName, resourceUrn = "", message }) => `${policyName}: ${resourceUrn} ${message}`);
}

/** The parts of an engine's event that are read here (sdk/go/common/apitype/events.go). */
interface Event {
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
  readonly policyEvent?: PolicyWord;
  readonly resourcePreEvent?: { readonly metadata: Step };
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly provider: string;
  readonly new?: {
    readonly parent?: string;
    readonly protect?: boolean;
    readonly retainOnDelete?: boolean;
    readonly inputs?: Readonly<Record<string, unknown>>;
  };
}

function previewed({ op, urn, provider }: Step, resource: NonNullable<Step["new"]>): PreviewedResource {
  return {
    op,
    urn,
    parent: resource.parent ?? "",
    protected: resource.protect === true,
    retainOnDelete: resource.retainOnDelete === true,
    provider: provider.slice(0, Math.max(0, provider.lastIndexOf("::"))),
    inputs: resource.inputs ?? {},
  };
}

async function prepare(folder: string, run: PreviewArgs): Promise<Record<string, string>> {
  for (const name of ["home", "state", "secrets", "config"]) await mkdir(join(folder, name));
  for (const plugin of PLANNED) await linkPlanOnly(join(folder, "home"), plugin, run.provider);
  await symlink(join(projectRoot, run.program), join(folder, "program"));
  await symlink(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "Pulumi.yaml"), projectFile(await ownPlugin(folder, run)));
  await writeFile(join(folder, "images.json"), JSON.stringify(run.provider === undefined ? {} : BUILT_IMAGES));
  await writeFile(join(folder, "config", `Pulumi.${run.stack}.yaml`), run.configuration);
  await writeFile(join(folder, "passphrase"), "passphrase");
  for (const file of run.secrets) {
    await mkdir(dirname(join(folder, "secrets", file)), { recursive: true });
    await writeFile(join(folder, "secrets", file), `content of ${file}`);
  }
  return {
    PATH: `${dirname(run.pulumi)}:${process.env["PATH"]}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: pathToFileURL(join(folder, "state")).href,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
    BREAKWATER_SECRETS: join(folder, "secrets"),
    BREAKWATER_IMAGES: join(folder, "images.json"),
    // Kubernetes' SDK would write its path into the inputs of a provider that is given none.
    KUBECONFIG: "",
  };
}

/** What the image builder writes, of images that nobody built: a stand-in pulls none. */
const BUILT_IMAGES = Object.fromEntries(
  IMAGE_NAMES.map((name) => [name, { reference: `registry.example.com/${name}@sha256:${"0".repeat(64)}` }]),
);

/** The folder of our own plugin, named by the version that the program asks for where a stand-in is in its place. */
async function ownPlugin(folder: string, { provider }: PreviewArgs): Promise<string> {
  if (provider === undefined) return ENGINE_BIN;
  const own = join(folder, "resource-breakwater-v0.1.0");
  await mkdir(own);
  await symlink(provider, join(own, "pulumi-resource-breakwater"));
  return own;
}

/** @param plugin folder of our own plugin. */
const projectFile = (plugin: string) => `name: breakwater
main: program/
stackConfigDir: config
runtime:
  name: nodejs
  options:
    typescript: false
    nodeargs: "--import tsx --stack-trace-limit=0"
plugins:
  languages:
    - name: nodejs
      path: ${ENGINE_BIN}
  providers:
    - name: breakwater
      path: ${plugin}
`;

/** What plan and engine both say of a resource, in the same words. */
interface Comparable {
  readonly urn: string;
  readonly parent: string;
  readonly protected: boolean;
  readonly retainOnDelete: boolean;
  /** URN; undefined for a package's default. */
  readonly provider: string | undefined;
  readonly inputs: unknown;
}

/** A plan and a preview, resource by resource in the same order, for one comparison that shows every difference. */
export function compared(
  plan: readonly PlannedResource[],
  { resources }: EnginePreview,
): { readonly planned: readonly Comparable[]; readonly previewed: readonly Comparable[] } {
  const own = resources.filter(
    ({ urn }) => !/::pulumi:pulumi:Stack::|::pulumi:providers:[^:]+::default(_[\d_]+)?$/.test(urn),
  );
  const fingerprints = fingerprintsOf(own);
  return {
    planned: plan.map(fromPlan).sort(byUrn),
    previewed: own.map((resource) => fromEngine(withoutFingerprints(resource, fingerprints))).sort(byUrn),
  };
}

const SECRET_FILES = "breakwater:index:SecretFiles::";

/** Our own plugin reads the secret files at preview; a plan reads none, so that to it they are unknown. */
function fingerprintsOf(resources: readonly PreviewedResource[]): readonly string[] {
  const secrets = resources.filter(({ urn }) => urn.includes(SECRET_FILES));
  return secrets.map(({ inputs }) => String(inputs["fingerprint"]));
}

function withoutFingerprints(resource: PreviewedResource, fingerprints: readonly string[]): PreviewedResource {
  const { fingerprint, ...others } = resource.inputs;
  const inputs = resource.urn.includes(SECRET_FILES) ? others : resource.inputs;
  // A text with an unknown part is unknown as a whole.
  const hidden = (_: string, value: unknown): unknown =>
    typeof value === "string" && fingerprints.some((fingerprint) => value.includes(fingerprint)) ? UNKNOWN : value;
  return { ...resource, inputs: JSON.parse(JSON.stringify(inputs, hidden)) as Record<string, unknown> };
}

function byUrn(a: Comparable, b: Comparable): number {
  return a.urn < b.urn ? -1 : 1;
}

function fromPlan({ urn, parent, provider, inputs, ...rest }: PlannedResource): Comparable {
  const retainOnDelete = rest.retainOnDelete === true;
  return { urn, parent: parentOf(parent), protected: rest.protected, retainOnDelete, provider, inputs: plain(inputs) };
}

function fromEngine({ urn, parent, provider, inputs, retainOnDelete, ...rest }: PreviewedResource): Comparable {
  // The engine keeps the plugin's version among the inputs of a provider.
  const { __internal: _, version, ...own } = inputs;
  const isProvider = urn.split("::")[2]?.includes("pulumi:providers:") === true;
  return {
    urn,
    parent: parentOf(parent),
    protected: rest.protected,
    retainOnDelete,
    provider: provider === "" || /::default(_[\d_]+)?$/.test(provider) ? undefined : provider,
    inputs: plain(isProvider ? own : inputs),
  };
}

function parentOf(urn: string): string {
  return urn.includes("::pulumi:pulumi:Stack::") ? "" : urn;
}

/** Pulumi's stand-in for a value that only an update knows. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Unknown values and secrets in one word each; two words for the same are made one. */
function plain(value: unknown): unknown {
  if (value === UNKNOWN) return "unknown";
  if (value === "[secret]") return "secret";
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if ("__pulumiUnknown" in value) return "unknown";
  if ("__pulumiSecret" in value) return "secret";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
