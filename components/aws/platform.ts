import { refuse } from "@breakwater/runtime/problems";
import { Provider } from "@pulumi/aws/provider.js";
import type { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type { ComponentResourceOptions, CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { Demand } from "../demand.ts";
import { gvisorScratchVolume } from "../gvisor.ts";
import { registryImages } from "../images/registry-images.ts";
import type { Platform } from "../platform.ts";
import { poolPlacement } from "../pools.ts";
import { SecretFiles } from "../secret-files.ts";
import { Addons, addonsAfterNodes, BEFORE_NODES } from "./addons.ts";
import { Alarms } from "./alarms.ts";
import { Backup } from "./backup.ts";
import { entryWrites, PrivateBucket, trailWrites } from "./buckets.ts";
import { Cluster } from "./cluster.ts";
import { type AwsContext, backedUp, contextOf, named } from "./context.ts";
import { Controllers } from "./controllers.ts";
import { managedDatabase } from "./database.ts";
import { Dns } from "./dns.ts";
import { Egress } from "./egress.ts";
import { Endpoints } from "./endpoints.ts";
import { FrontEntry } from "./entry.ts";
import { Identity } from "./identity.ts";
import { Keys } from "./keys.ts";
import { AccountTrail, Logs } from "./logs.ts";
import { Network } from "./network.ts";
import { Nodes } from "./nodes.ts";
import { Registry } from "./registry.ts";
import { SandboxRuntime } from "./sandbox.ts";
import { SHARED_CLASS, Storage, VOLUME_CLASS } from "./storage.ts";
import { vaultSealOf } from "./vault-seal.ts";
import { apiServerPeers, clusterDns, internalRanges } from "./ways.ts";

/** What the platform is made for. */
export interface AwsPlatformArgs {
  readonly demand: Demand;
  /** File that names the prepared images; undefined where nothing was built. */
  readonly imageLock: string | undefined;
}

/**
 * Everything that an environment needs of AWS: network with a filtered way out, keys, cluster, nodes, storage, registry,
 * entry, names, logs, alarms, backups. The database is made when the agents ask for it.
 *
 * Children: one component for each concern, named `${name}-<concern>`. Cost: docs/topologies/aws.md.
 * Checked by: test/unit/components/aws/platform.test.ts, test/golden.
 */
export class AwsPlatform extends Component {
  readonly platform: Platform;

  constructor(name: string, { demand, imageLock }: AwsPlatformArgs, opts?: ComponentResourceOptions) {
    super("breakwater:aws:AwsPlatform", name, opts);
    const within = { parent: this };
    const plain = contextOf(demand);
    const host = hostOf(demand);

    const network = new Network(`${name}-network`, plain, within);
    const context: AwsContext = { ...plain, account: network.account };
    const keys = new Keys(`${name}-keys`, context, within);
    const logs = new Logs(`${name}-logs`, context, { network, keys }, within);
    const buckets = this.#buckets(name, context, keys);
    new AccountTrail(`${name}-trail`, context, { keys, audit: buckets.audit }, within);
    new Alarms(`${name}-alarms`, context, keys, within);
    const endpoints = new Endpoints(`${name}-endpoints`, context, network, within);
    const egress = new Egress(`${name}-egress`, context, { network, keys, logs }, within);
    const dns = new Dns(`${name}-dns`, context, { network, host }, within);
    const registry = new Registry(`${name}-registry`, context, keys, within);

    const cluster = new Cluster(`${name}-cluster`, context, { network, keys, logs }, within);
    const identity = new Identity(`${name}-identity`, context, { cluster, keys }, within);
    const base = { cluster, addons: BEFORE_NODES, after: [identity] };
    const first = new Addons(`${name}-base`, context, base, within);
    const nodes = new Nodes(
      `${name}-nodes`,
      context,
      { network, keys, cluster, artifacts: buckets.artifacts, after: [first, endpoints, egress] },
      within,
    );
    const onNodes = { cluster, addons: addonsAfterNodes(plain, { ...plain.tags, ...backedUp(plain) }), after: [nodes] };
    const addons = new Addons(`${name}-addons`, context, onNodes, within);

    const inCluster = { parent: this, providers: { kubernetes: cluster.kubernetes } };
    const after = [addons];
    const controllers = new Controllers(
      `${name}-controllers`,
      context,
      { cluster, network, identity, mirror: registry.mirror("registry.k8s.io"), after },
      inCluster,
    );
    new Storage(`${name}-storage`, context, { network, keys, cluster, after }, inCluster);
    const sandbox = new SandboxRuntime(
      `${name}-sandbox`,
      context,
      { isolation: demand.sandboxIsolation, mirror: registry.mirror("quay.io"), after: [nodes] },
      inCluster,
    );
    const entry = new FrontEntry(
      `${name}-entry`,
      context,
      { network, cluster, dns, logs, host, accessLogs: buckets.entryLogs },
      within,
    );
    new Backup(`${name}-backup`, context, keys, within);

    const pods = {
      image: registryImages(`${name}-image`, { repository: (image) => registry.repository(image), imageLock }, within),
      secretFiles: (role, args, each) => new SecretFiles(role, { ...args, kubeconfig: cluster.kubeconfig }, each),
      placement: poolPlacement,
      dns: clusterDns,
    } satisfies Partial<Platform>;
    const aws = this.getProvider("aws::");
    this.platform = {
      ...pods,
      kubernetes: cluster.kubernetes,
      database: managedDatabase(
        context,
        { network, keys, logs, cluster, platform: pods },
        aws === undefined ? {} : { providers: { aws } },
      ),
      storageClass: VOLUME_CLASS,
      sharedStorageClass: SHARED_CLASS,
      sandboxRuntimeClass: sandbox.className,
      scratchVolume: demand.sandboxIsolation === "gvisor" ? gvisorScratchVolume : () => ({}),
      apiServer: apiServerPeers(demand, network.cidrs("data")),
      entry: {
        type: "ClusterIP",
        peers: network.cidrs("entry").map((cidr) => ({ ipBlock: { cidr } })),
        bind: (service: Service, each: CustomResourceOptions) => entry.bind(service, each, controllers.loadBalancer),
      },
      internalCidrs: internalRanges(demand),
      imageMirror: (upstream) => registry.mirror(upstream),
      vaultSeal: vaultSealOf(context, { keys, identity, network }),
    };
    this.registerOutputs();
  }

  #buckets(name: string, context: AwsContext, keys: Keys) {
    const within = { parent: this };
    const { auditRetentionDays } = context.demand;
    const trail = trailWrites(context, named(context, "trail", "trail"));
    const load = entryWrites(context);
    return {
      audit: new PrivateBucket(
        `${name}-audit`,
        context,
        {
          role: "audit",
          key: keys.of("audit"),
          lockDays: auditRetentionDays,
          ...(trail === undefined ? {} : { allow: trail }),
        },
        within,
      ),
      artifacts: new PrivateBucket(
        `${name}-artifacts`,
        context,
        { role: "artifacts", key: keys.of("artifacts") },
        within,
      ),
      entryLogs: new PrivateBucket(
        `${name}-entry-logs`,
        context,
        {
          role: "entry-logs",
          key: undefined,
          expireDays: auditRetentionDays,
          ...(load === undefined ? {} : { allow: load }),
        },
        within,
      ),
    };
  }
}

/** The platform of an environment on AWS or AWS China, with everything that it consists of registered. */
export function awsPlatform(args: AwsPlatformArgs): Platform {
  const { region } = args.demand;
  const provider = new Provider("aws", { region });
  return new AwsPlatform("aws", args, { providers: { aws: provider } }).platform;
}

/** The name that the entry's certificate is for. @throws ProblemError `placement/certificate-host` */
function hostOf({ entry }: Demand): string {
  return (
    entry.host ??
    refuse({
      code: "placement/certificate-host",
      path: "network.host",
      got: "nothing",
      expected: "the name under which people reach the front door, because its certificate is for this name",
      remedy: "write it as in agents.company.com",
    })
  );
}
