import proto from "@pulumi/pulumi/proto/resource_pb.js";
import { setAllConfig } from "@pulumi/pulumi/runtime/config.js";
import { deserializeProperties, isRpcSecret } from "@pulumi/pulumi/runtime/rpc.js";
import * as runtimeSettings from "@pulumi/pulumi/runtime/settings.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { projectRoot } from "../../tools/paths.ts";

/** One resource as the program asks the engine for it. */
export interface PlannedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN of the parent; empty for the root. */
  readonly parent: string;
  readonly custom: boolean;
  /** Inputs as sent; what is known only after an update is `{"__pulumiUnknown": true}`, a secret {@link SECRET}. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URNs that must exist first. */
  readonly dependencies: readonly string[];
  /** Whether the engine refuses to delete it. */
  readonly protected: boolean;
  /** Whether what it stands for stays when the engine lets go of it; left out where it does not. */
  readonly retainOnDelete?: true;
  /** Under which other identities the state may know it; left out where there are none. */
  readonly aliases?: readonly PlannedAlias[];
  /** URN of the provider that it is made by; left out for the package's default. */
  readonly provider?: string;
}

/** What differs between an older identity of a resource and its own; a URN stands for all of it. */
export interface PlannedAlias {
  readonly urn?: string;
  readonly name?: string;
  readonly type?: string;
  readonly parent?: string;
}

/** What a plan shows in place of an input that is secret, or that has a secret anywhere in it. */
export const SECRET = { __pulumiSecret: true } as const;

const STACK_TYPE = "pulumi:pulumi:Stack";

/** What an engine supports and a plan has use for; without `secrets` their values would come in the clear. */
const FEATURES = new Set(["secrets", "aliasSpecs", "deletedWith", "replaceWith", "parameterization"]);

/** Exported but `@internal`: asks the monitor for its features, as the engine's own start does. */
const { awaitFeatureSupport } = runtimeSettings as unknown as { awaitFeatureSupport(): Promise<void> };

/** The part of an alias message that is read here. */
interface AliasMessage {
  getUrn(): string;
  getSpec(): { getName(): string; getType(): string; getParenturn(): string } | undefined;
}

/** The part of the request message that is read here. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  getProtect(): boolean | undefined;
  getRetainondelete(): boolean | undefined;
  getAliasesList(): AliasMessage[];
  getProvider(): string;
  getObject(): struct.Struct | undefined;
  getDependenciesList(): string[];
}

type Reply<Response> = (error: unknown, response?: Response) => void;

/**
 * A resource monitor in this process that writes down what the program registers and answers as a preview would:
 * inputs come back as they are, where the provider is known, and what a provider would compute stays unknown.
 */
class RecordingMonitor {
  readonly planned: PlannedResource[] = [];
  /** Providers that an engine would not ask yet, because only an update knows what they are to be told. */
  readonly #unconfigured = new Set<string>();

  supportsFeature(request: { getId(): string }, reply: Reply<{ getHassupport(): boolean }>): void {
    reply(undefined, { getHassupport: () => FEATURES.has(request.getId()) });
  }

  registerResource(request: RegisterRequest, reply: Reply<proto.RegisterResourceResponse>): void {
    const parent = request.getParent();
    const urn = urnOf(parent, request);
    const dependencies = request.getDependenciesList();
    const planned = { ...describe(request), urn, parent, dependencies, ...options(request) };
    this.planned.push(planned);
    if (isUnconfigured(planned)) this.#unconfigured.add(urn);
    // Of those an engine knows no output, not even what equals an input.
    const outputs = this.#unconfigured.has(planned.provider ?? "") ? new struct.Struct() : request.getObject();
    reply(undefined, new proto.RegisterResourceResponse().setUrn(urn).setObject(outputs));
  }

  registerResourceOutputs(_: unknown, reply: Reply<object>): void {
    reply(undefined, {});
  }

  registerPackage(_: unknown, reply: Reply<{ getRef(): string }>): void {
    reply(undefined, { getRef: () => "package" });
  }

  invoke(request: { getTok(): string }, reply: Reply<never>): void {
    reply(asked(request.getTok()));
  }

  readResource(request: { getType(): string }, reply: Reply<never>): void {
    reply(asked(request.getType()));
  }
}

function isUnconfigured({ type, inputs }: Pick<PlannedResource, "type" | "inputs">): boolean {
  return type.startsWith("pulumi:providers:") && JSON.stringify(inputs).includes('"__pulumiUnknown"');
}

function asked(token: string): Error {
  return new Error(`the program asks a provider (${token}); a plan has no provider to ask`);
}

/** `urn:pulumi:<stack>::<project>::<types of all ancestors but the stack, and its own>::<name>`. */
function urnOf(parent: string, request: RegisterRequest): string {
  const ancestors = parent.split("::")[2] ?? "";
  const own = request.getType();
  const types = ancestors === "" || ancestors === STACK_TYPE ? own : `${ancestors}$${own}`;
  const [stack, project] = [runtimeSettings.getStack(), runtimeSettings.getProject()];
  return `urn:pulumi:${stack}::${project}::${types}::${request.getName()}`;
}

function describe(
  request: RegisterRequest,
): Pick<PlannedResource, "type" | "name" | "custom" | "inputs" | "protected"> {
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    inputs: shown(deserializeProperties(request.getObject() as Parameters<typeof deserializeProperties>[0])),
    protected: request.getProtect() === true,
  };
}

/** A plan is read by many, and kept: no value of a secret is in it. */
function shown(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, isRpcSecret(value) ? SECRET : value]));
}

/** Only what is set, so that a plan of a thousand resources stays readable. */
function options(request: RegisterRequest): Pick<PlannedResource, "retainOnDelete" | "aliases" | "provider"> {
  const aliases = request.getAliasesList().flatMap((alias) => aliasOf(alias, request.getCustom()));
  const provider = request.getProvider();
  return {
    ...(request.getRetainondelete() === true ? { retainOnDelete: true as const } : {}),
    ...(aliases.length === 0 ? {} : { aliases }),
    // The engine's reference is `<urn>::<id>`, and no id is known yet.
    ...(provider === "" ? {} : { provider: provider.slice(0, provider.lastIndexOf("::")) }),
  };
}

/** Older type tokens of a provider's own resources are that SDK's business, and are left out. */
function aliasOf(alias: AliasMessage, custom: boolean): readonly PlannedAlias[] {
  const spec = alias.getSpec();
  if (spec === undefined) return [{ urn: alias.getUrn() }];
  const [name, type, parent] = [spec.getName(), spec.getType(), spec.getParenturn()];
  if (custom && name === "" && parent === "") return [];
  return [
    {
      ...(name === "" ? {} : { name }),
      ...(type === "" ? {} : { type }),
      ...(parent === "" ? {} : { parent }),
    },
  ];
}

/**
 * Runs the program of this checkout for one environment, in this process, against a recorder: no engine, no account,
 * no cluster. One run at a time, because Pulumi's settings are global.
 *
 * @param sections the environment's sections as written.
 * @returns resources in the order of registration.
 */
export async function recordProgram(
  stack: string,
  sections: Readonly<Record<string, unknown>>,
): Promise<readonly PlannedResource[]> {
  runs += 1;
  // The program is a module that runs when it is loaded: another address loads it again.
  const planned = await recordRun(stack, sections, () => import(`${projectRoot}/stacks/index.ts?run=${runs}`));
  // Nothing would break no rule and cost nothing: no plan is no pass.
  if (planned.length === 0) throw new Error(`the program planned nothing for ${stack}`);
  return planned;
}

let runs = 0;

/** Variables that the SDKs make inputs of their providers where the program gives none. */
const READ_BY_SDKS = /^(KUBECONFIG$|PULUMI_K8S_|AWS_|ALICLOUD_|ALIBABA_|TENCENTCLOUD_)/;

/** Takes them away, so that a plan follows from the environment's file alone. @returns what puts them back. */
function withoutVariables(): () => void {
  const taken = Object.entries(process.env).filter(([name]) => READ_BY_SDKS.test(name));
  for (const [name] of taken) delete process.env[name];
  return () => {
    for (const [name, value] of taken) process.env[name] = value;
  };
}

/**
 * {@link recordProgram} of anything that registers resources.
 *
 * @internal for the tests and the bench.
 */
export async function recordRun(
  stack: string,
  sections: Readonly<Record<string, unknown>>,
  run: () => unknown,
): Promise<readonly PlannedResource[]> {
  const monitor = new RecordingMonitor();
  runtimeSettings.setMockOptions(monitor, "breakwater", stack, true);
  await awaitFeatureSupport();
  setAllConfig(
    Object.fromEntries(Object.entries(sections).map(([name, value]) => [`breakwater:${name}`, JSON.stringify(value)])),
  );
  const restore = withoutVariables();
  // Pulumi captures a stack for every resource, which is half of the time that a resource takes (measured 2026-11-23).
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    await run();
    await runtimeSettings.disconnect();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    restore();
  }
  return monitor.planned.filter(({ type }) => type !== STACK_TYPE);
}
