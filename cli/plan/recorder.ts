import { setAllConfig } from "@pulumi/pulumi/runtime/config.js";
import { MockMonitor, type MockResourceArgs, setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import { deserializeProperties, isRpcSecret } from "@pulumi/pulumi/runtime/rpc.js";
import * as runtimeSettings from "@pulumi/pulumi/runtime/settings.js";
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
  getObject(): unknown;
  getDependenciesList(): string[];
}

type Reply = (error: unknown, response: { getUrn(): string } | undefined) => void;

/**
 * A resource monitor in this process that writes down what the program registers and answers as a preview would:
 * what a provider would compute stays unknown.
 */
class RecordingMonitor extends MockMonitor {
  readonly planned: PlannedResource[] = [];
  /** The monitor's own URN -> the engine's, which names every ancestor's type. */
  readonly #urns = new Map<string, string>();

  constructor() {
    super({
      newResource: ({ inputs }: MockResourceArgs) => ({ id: "", state: inputs as Record<string, unknown> }),
      call: ({ token }) => {
        throw new Error(`the program asks a provider (${token}); a plan has no provider to ask`);
      },
    });
  }

  override async registerResource(request: RegisterRequest, reply: Reply): Promise<void> {
    await super.registerResource(request, (error: unknown, response: { getUrn(): string } | undefined) => {
      if (response !== undefined) this.#write(request, response.getUrn());
      reply(error, response);
    });
  }

  #write(request: RegisterRequest, own: string): void {
    const parent = this.#urns.get(request.getParent()) ?? "";
    const urn = engineUrn(own, parent, request);
    this.#urns.set(own, urn);
    const engines = (known: string): string => this.#urns.get(known) ?? known;
    const dependencies = request.getDependenciesList().map(engines);
    this.planned.push({ ...describe(request), urn, parent, dependencies, ...options(request, engines) });
  }
}

/** `urn:pulumi:<stack>::<project>::<types of all ancestors but the stack, and its own>::<name>`. */
function engineUrn(own: string, parent: string, request: RegisterRequest): string {
  const [stack, project] = own.split("::");
  const parentTypes = parent.split("::")[2] ?? "";
  const types =
    parentTypes === "" || parentTypes === STACK_TYPE ? request.getType() : `${parentTypes}$${request.getType()}`;
  return [stack, project, types, request.getName()].join("::");
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
function options(
  request: RegisterRequest,
  engines: (urn: string) => string,
): Pick<PlannedResource, "retainOnDelete" | "aliases" | "provider"> {
  const aliases = request.getAliasesList().flatMap((alias) => aliasOf(alias, request.getCustom(), engines));
  const provider = request.getProvider();
  return {
    ...(request.getRetainondelete() === true ? { retainOnDelete: true as const } : {}),
    ...(aliases.length === 0 ? {} : { aliases }),
    // The engine's reference is `<urn>::<id>`, and no id is known yet.
    ...(provider === "" ? {} : { provider: engines(provider.slice(0, provider.lastIndexOf("::"))) }),
  };
}

/** Older type tokens of a provider's own resources are that SDK's business, and are left out. */
function aliasOf(alias: AliasMessage, custom: boolean, engines: (urn: string) => string): readonly PlannedAlias[] {
  const spec = alias.getSpec();
  if (spec === undefined) return [{ urn: engines(alias.getUrn()) }];
  const [name, type, parent] = [spec.getName(), spec.getType(), spec.getParenturn()];
  if (custom && name === "" && parent === "") return [];
  return [
    {
      ...(name === "" ? {} : { name }),
      ...(type === "" ? {} : { type }),
      ...(parent === "" ? {} : { parent: engines(parent) }),
    },
  ];
}

/**
 * Runs the program of this checkout for one environment, in this process, against a recorder: no engine, no account,
 * no cluster. Once a process, because the program is a module and Pulumi's settings are global.
 *
 * @param sections the environment's sections as written.
 * @returns resources in the order of registration.
 */
export async function recordProgram(
  stack: string,
  sections: Readonly<Record<string, unknown>>,
): Promise<readonly PlannedResource[]> {
  const monitor = new RecordingMonitor();
  // Turns on what an engine would support; the monitor that answers is then ours.
  await setMocks(monitor.mocks, "breakwater", stack, true);
  runtimeSettings.setMockOptions(monitor, "breakwater", stack, true);
  setAllConfig(
    Object.fromEntries(Object.entries(sections).map(([name, value]) => [`breakwater:${name}`, JSON.stringify(value)])),
  );
  // Pulumi captures a stack for every resource, which is half of the time that a resource takes (measured 2026-11-23).
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    await import(`${projectRoot}/stacks/index.ts`);
    await runtimeSettings.disconnect();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return monitor.planned.filter(({ type }) => type !== STACK_TYPE);
}
