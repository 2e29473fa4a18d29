import { type MockResourceArgs, setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import * as settings from "@pulumi/pulumi/runtime/settings.js";
import { awsPlatform } from "../../../../components/aws/platform.ts";
import type { Demand } from "../../../../components/demand.ts";
import type { Platform } from "../../../../components/platform.ts";

/** `disconnect` is exported but `@internal`; it waits for every registration under way. */
const { disconnect } = settings as unknown as { disconnect(): Promise<void> };

export const ACCOUNT = "123456789012";

/** An environment on AWS, as plain data. */
export const DEMAND: Demand = {
  environment: "acme-aws",
  architecture: "A",
  region: "ap-northeast-2",
  zones: undefined,
  people: 50,
  owner: "platform",
  dataClass: "internal",
  kubernetesVersion: "1.35",
  network: { cidr: "10.64.0.0/16", companyCidrs: ["10.0.0.0/12"] },
  entry: { exposure: "public", host: "agents.acme.example", allowedCidrs: ["198.51.100.0/24"] },
  egressHosts: ["api.anthropic.com", "api.openai.com"],
  pools: [
    { name: "system", role: "system", vcpus: 4, memoryGiB: 16, min: 3, max: 6, podsPerNode: 40 },
    { name: "agents", role: "agents", vcpus: 8, memoryGiB: 32, min: 2, max: 4, podsPerNode: 40 },
    { name: "sandbox", role: "sandbox", vcpus: 8, memoryGiB: 32, min: 2, max: 4, podsPerNode: 40 },
    {
      name: "gpu-h100",
      role: "gpu",
      vcpus: 4,
      memoryGiB: 16,
      gpu: { kind: "h100", perNode: 1 },
      min: 0,
      max: 2,
      podsPerNode: 20,
    },
  ],
  sandboxIsolation: "gvisor",
  database: { vcpus: 2, memoryGiB: 8, storageGiB: 100, highAvailability: true, backupDays: 35 },
  auditRetentionDays: 365,
  accountHas: [],
  notify: ["ops-team@acme.example"],
  vaultUnseal: "kms",
  vaultTransitAddress: undefined,
};

/** The same in China. */
export const CHINA: Demand = {
  ...DEMAND,
  environment: "acme-aws-cn",
  region: "cn-northwest-1",
  entry: { exposure: "internal", host: "agents.acme.example", allowedCidrs: [] },
  egressHosts: ["api.deepseek.com", "dashscope.aliyuncs.com"],
  pools: DEMAND.pools.filter(({ gpu }) => gpu === undefined),
};

/** A resource as registered, with its inputs as far as they are known. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into inputs of sixty types, and a wrong path fails them
  readonly inputs: any;
}

/** What was registered, to look things up in. */
export interface Recording {
  readonly all: readonly Recorded[];
  readonly platform: Platform;
  /** Inputs of the one resource of that kind and name; an error where there is none. `name` as in `aws-network`. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  one(kind: string, name: string): any;
  /** Every resource of that kind, such as `Subnet`. */
  of(kind: string): readonly Recorded[];
}

/** What AWS would answer, as far as other resources are made from it. */
function answered({ type, name, inputs }: MockResourceArgs, demand: Demand): Record<string, unknown> {
  const partition = demand.region.startsWith("cn-") ? "aws-cn" : "aws";
  const arn = `arn:${partition}:mock:${demand.region}:${ACCOUNT}:${name}`;
  const own: Readonly<Record<string, object>> = {
    "breakwater:index:AdminPassword": { password: "a generated password" },
    "aws:ec2/vpc:Vpc": { ownerId: ACCOUNT },
    "aws:eks/cluster:Cluster": {
      arn: `arn:${partition}:eks:${demand.region}:${ACCOUNT}:cluster/${inputs.name}`,
      endpoint: "https://cluster.example",
      certificateAuthority: { data: "Q0E=" },
      vpcConfig: { ...inputs.vpcConfig, clusterSecurityGroupId: "sg-cluster" },
    },
    "aws:eks/nodeGroup:NodeGroup": { resources: [{ autoscalingGroups: [{ name: `asg-${name}` }] }] },
    "aws:networkfirewall/firewall:Firewall": {
      firewallStatuses: [
        {
          syncStates: ["a", "b", "c"].map((letter) => ({
            availabilityZone: `${demand.region}${letter}`,
            attachments: [{ endpointId: `vpce-${letter}`, subnetId: `subnet-${letter}` }],
          })),
        },
      ],
    },
    "aws:route53/zone:Zone": { zoneId: `${name}-zone` },
    "aws:ec2/launchTemplate:LaunchTemplate": { latestVersion: 7 },
    "aws:s3/bucket:Bucket": { arn: `arn:${partition}:s3:::${inputs.bucket}` },
    "aws:acm/certificate:Certificate": {
      domainValidationOptions: [
        { resourceRecordName: "_proof.agents", resourceRecordType: "CNAME", resourceRecordValue: "_value.acm" },
      ],
    },
  };
  return { arn, keyId: `${name}-key`, ...inputs, ...own[type] };
}

/**
 * Registers the platform of an environment against answers like AWS's, as a preview.
 *
 * @param use what the agents would ask of it.
 */
export async function recorded(
  change: Partial<Demand> = {},
  base = DEMAND,
  use: (platform: Platform) => void = () => undefined,
): Promise<Recording> {
  const demand = { ...base, ...change };
  const all: Recorded[] = [];
  await setMocks(
    {
      newResource: (args) => {
        all.push({ type: args.type, name: args.name, inputs: args.inputs });
        return { id: `${args.name}-id`, state: answered(args, demand) };
      },
      call: ({ token }) => {
        throw new Error(`unexpected invoke ${token}`);
      },
    },
    "breakwater",
    "test",
    true,
  );
  const platform = awsPlatform({ demand, imageLock: undefined });
  use(platform);
  await disconnect();
  // Components of ours are called like what they hold.
  const made = all.filter(({ type }) => !type.startsWith("breakwater:aws:"));
  const of = (kind: string) => made.filter(({ type }) => type.endsWith(`:${kind}`));
  const one = (kind: string, name: string) => {
    const found = of(kind).find((resource) => resource.name === name);
    if (found === undefined) throw new Error(`no ${kind} ${name}; there are ${of(kind).map((each) => each.name)}`);
    return found.inputs;
  };
  return { all, platform, of, one };
}
