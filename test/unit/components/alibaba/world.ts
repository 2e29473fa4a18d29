import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSettings, readSettingsText, type Settings } from "@breakwater/runtime/settings";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { type MockResourceArgs, setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import * as runtimeSettings from "@pulumi/pulumi/runtime/settings.js";
import { type PlannedResource, recordRun } from "../../../../cli/plan/recorder.ts";
import { alibabaPlatform } from "../../../../components/alibaba/platform.ts";
import { Component } from "../../../../components/component.ts";
import type { Demand } from "../../../../components/demand.ts";
import type { Platform } from "../../../../components/platform.ts";
import { demandOf } from "../../../../stacks/demand.ts";
import { projectRoot } from "../../../../tools/paths.ts";

const PROVIDED = join(import.meta.dirname, "provided");
const IMAGE_LOCK = join(import.meta.dirname, "image-lock.json");

/** The shipped environments. */
export type EnvironmentName = "acme-alibaba" | "acme-alibaba-b";

/** A shipped environment as the stack reads it. */
export function settingsOf(name: EnvironmentName): Settings {
  const file = join(projectRoot, "stacks", `Pulumi.${name}.yaml`);
  return parseSettings(readSettingsText(file, readFileSync(file, "utf8")).content).settings;
}

/** What a shipped environment asks for, with changes. */
export function demand(name: EnvironmentName, changes: Partial<Demand> = {}): Demand {
  return { ...demandOf(name, settingsOf(name)), ...changes };
}

/** Stands where the agents are: its children go to the platform's own cluster. */
class Agents extends Component {
  constructor({ kubernetes }: Platform) {
    super("breakwater:agents:Agents", "agents", kubernetes === undefined ? {} : { providers: [kubernetes] });
    this.registerOutputs();
  }
}

/** Makes everything that the platform makes, the database and the way in to the front door among it. */
export function build(wanted: Demand): Platform {
  const platform = alibabaPlatform({ demand: wanted, imageLock: IMAGE_LOCK, provided: PROVIDED });
  const parent = new Agents(platform);
  platform.database.create("postgres", { storageGiB: 50 }, { parent });
  const service = new Service("front-door", { metadata: { name: "front-door" } }, { parent });
  platform.entry.bind?.(service, { parent });
  return platform;
}

/** `disconnect` is exported but `@internal`; it waits for every registration under way. */
const { disconnect } = runtimeSettings as unknown as { disconnect(): Promise<void> };

/** What the provider would compute, by type: enough that what is made of it can be read in the inputs of others. */
const COMPUTED: Readonly<Record<string, (name: string) => Readonly<Record<string, unknown>>>> = {
  ":AdminPassword": () => ({ password: "an-example-no-password" }),
  ":SecretFiles": () => ({ fingerprint: "0123456789abcdef" }),
  ":Image": (name) => ({ digest: `sha256:${Buffer.from(name).toString("hex").padEnd(64, "0").slice(0, 64)}` }),
  ":Role": (name) => ({ arn: `acs:ram::1:role/${name}` }),
  "kms/key:Key": (name) => ({ arn: `acs:kms:region:1:key/${name}` }),
  "rds/instance:Instance": () => ({ connectionString: "pgm-example.pg.rds.aliyuncs.com" }),
  ":MountTarget": () => ({ id: "files-id:files-id-abc.region.extreme.nas.aliyuncs.com" }),
  ":LoadBalancer": () => ({ dnsName: "alb-example.region.alb.aliyuncsslb.com" }),
  ":ManagedKubernetes": () => ({
    certificateAuthority: { clusterCert: "QSBDQQ==", clientCert: "Y2VydA==", clientKey: "a2V5" },
    connections: { apiServerIntranet: "https://10.80.192.9:6443" },
    rrsaMetadata: {
      ramOidcProviderArn: "acs:ram::1:oidc-provider/ack-rrsa-c1",
      rrsaOidcIssuerUrl: "https://oidc-ack-region.oss-region.aliyuncs.com/c1",
    },
  }),
};

function computed({ type, name }: MockResourceArgs): Readonly<Record<string, unknown>> {
  return Object.entries(COMPUTED).find(([end]) => type.endsWith(end))?.[1](name) ?? {};
}

/** Every resource of a platform with the inputs that it is sent, as an update sends them. */
export async function built(wanted: Demand): Promise<readonly MockResourceArgs[]> {
  return recorded(() => build(wanted));
}

async function recorded(run: () => unknown): Promise<readonly MockResourceArgs[]> {
  const seen: MockResourceArgs[] = [];
  await setMocks(
    {
      newResource: (args) => {
        seen.push(args);
        const { id = `${args.name}-id`, ...state } = computed(args);
        return { id: String(id), state: { ...(args.inputs as Record<string, unknown>), ...state } };
      },
      call: ({ token }) => {
        throw new Error(`unexpected invoke ${token}`);
      },
    },
    "breakwater",
    "test",
    false,
  );
  run();
  await disconnect();
  return seen;
}

/** Every resource as the engine is asked for it in a preview, with its protection and its dependencies. */
export function planned(wanted: Demand): Promise<readonly PlannedResource[]> {
  return recordRun(wanted.environment, {}, () => build(wanted));
}

/** The platform itself, recorded for its side effects. */
export async function platformFor(wanted: Demand): Promise<Platform> {
  const made: Platform[] = [];
  await recorded(() => made.push(build(wanted)));
  const [platform] = made;
  if (platform === undefined) throw new Error("nothing was built");
  return platform;
}

/** Inputs of the one resource whose type ends so and, where several do, that has that logical name. */
export function inputsOf(
  resources: readonly { readonly type: string; readonly name: string; readonly inputs: unknown }[],
  type: string,
  name?: string,
): Record<string, unknown> {
  const found = resources.filter((one) => one.type.endsWith(type) && (name === undefined || one.name === name));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} resources ${type} ${name ?? ""}`);
  return only.inputs as Record<string, unknown>;
}

/** Inputs of all resources whose type ends so. */
export function allOf(
  resources: readonly { readonly type: string; readonly inputs: unknown }[],
  type: string,
): readonly Record<string, unknown>[] {
  return resources.filter((one) => one.type.endsWith(type)).map(({ inputs }) => inputs as Record<string, unknown>);
}
