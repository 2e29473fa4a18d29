import { Provider } from "@pulumi/alicloud/provider.js";
import type { ComponentResourceOptions, ProviderResource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { Demand } from "../demand.ts";
import { gvisorScratchVolume } from "../gvisor.ts";
import { registryImages } from "../images/registry-images.ts";
import type { Platform } from "../platform.ts";
import { poolPlacement } from "../pools.ts";
import { SecretFiles } from "../secret-files.ts";
import { Backup } from "./backup.ts";
import { Bastion } from "./bastion.ts";
import { Cluster } from "./cluster.ts";
import { type AlibabaContext, contextOf } from "./context.ts";
import { managedDatabase } from "./database.ts";
import { Dns } from "./dns.ts";
import { Egress } from "./egress.ts";
import { Entry } from "./entry.ts";
import { Keys } from "./keys.ts";
import { AccountTrail, Logs } from "./logs.ts";
import { clusterDns, internalCidrs, Network, peersAt } from "./network.ts";
import { Nodes, RUNTIME_CLASSES } from "./nodes.ts";
import { provided } from "./provided.ts";
import { Registry } from "./registry.ts";
import { SHARED_STORAGE_CLASS, STORAGE_CLASS, Storage } from "./storage.ts";
import { ThreatDetection } from "./threat-detection.ts";
import { vaultSeal } from "./vault-seal.ts";

/** What the platform on Alibaba Cloud needs to know. */
export interface AlibabaPlatformArgs {
  readonly demand: Demand;
  /** File that names the prepared build contexts. */
  readonly imageLock: string | undefined;
  /** Folder of public texts that have to be put there; left out: `components/alibaba/provided`. */
  readonly provided?: string;
}

/** Everything that agents need of Alibaba Cloud, under architecture A, or under B in a region that is the company's own. */
export function alibabaPlatform(args: AlibabaPlatformArgs): Platform {
  return new AlibabaPlatform("alibaba", args).platform;
}

/**
 * The platform on Alibaba Cloud, in the order in which its parts need each other.
 *
 * Children: Provider, Network, Keys, Logs, Storage, Registry, Cluster, Egress (A with something to reach), Nodes, classes of
 * storage, Entry, Dns, Backup, AccountTrail, ThreatDetection, Bastion. Checked by: test/unit/components/alibaba/platform.test.ts, private.test.ts.
 */
export class AlibabaPlatform extends Component {
  readonly platform: Platform;

  constructor(name: string, args: AlibabaPlatformArgs, opts?: ComponentResourceOptions) {
    // The region is the environment's, whatever the deploying machine's own settings say.
    const alicloud = new Provider("alicloud", { region: args.demand.region });
    super("breakwater:alibaba:AlibabaPlatform", name, { ...opts, providers: [alicloud] });
    const context = contextOf(args.demand);
    const within = { parent: this };
    const network = new Network(`${name}-network`, context, within);
    const keys = new Keys(`${name}-keys`, { context, network }, within);
    const logs = new Logs(`${name}-logs`, { context, network, keys }, within);
    const storage = new Storage(`${name}-storage`, { context, network, keys }, within);
    new AccountTrail(`${name}-trail`, { context, bucket: storage.audit, keys }, within);
    new ThreatDetection(`${name}-threats`, context, within);
    new Bastion(`${name}-bastion`, { context, network }, within);
    const registry = new Registry(`${name}-registry`, { context, network, keys }, within);
    const cluster = new Cluster(`${name}-cluster`, { context, network, keys, logs, registry }, within);
    const closed = context.egress ? [new Egress(`${name}-egress`, { context, network }, within).closed] : [];
    const nodes = new Nodes(
      `${name}-nodes`,
      {
        ...{ context, cluster, network, keys, artifacts: storage.artifacts, closed },
        ...(args.provided === undefined ? {} : { provided: args.provided }),
      },
      within,
    );
    storage.classes(
      `${name}-storage`,
      { keyId: keys.of("volumes").id },
      { parent: storage, provider: cluster.kubernetes, dependsOn: [cluster] },
    );
    const entry = new Entry(`${name}-entry`, { context, network, cluster, logs, nodes }, within);
    new Dns(`${name}-dns`, { context, network, entry }, within);
    new Backup(`${name}-backup`, { context, keys, files: storage.files.id }, within);
    this.platform = this.#platform(name, args, { context, network, keys, registry, cluster, entry, nodes, alicloud });
    this.registerOutputs();
  }

  #platform(name: string, { demand, imageLock, provided: folder }: AlibabaPlatformArgs, parts: Parts): Platform {
    const { context, network, keys, registry, cluster, entry, alicloud } = parts;
    const { kubeconfig, kubernetes } = cluster;
    const pods = {
      image: registryImages(
        `${name}-images`,
        { repository: (image) => registry.repository(image), imageLock },
        { parent: this, dependsOn: [...registry.ready] },
      ),
      secretFiles: (secretName, args, opts) => new SecretFiles(secretName, { ...args, kubeconfig }, opts),
      placement: poolPlacement,
      dns: clusterDns,
    } satisfies Partial<Platform>;
    const authority = provided("rds-authority.pem", folder);
    return {
      ...pods,
      kubernetes,
      database: managedDatabase({ context, network, keys, authority, platform: pods, alicloud }),
      storageClass: STORAGE_CLASS,
      sharedStorageClass: SHARED_STORAGE_CLASS,
      sandboxRuntimeClass: RUNTIME_CLASSES[demand.sandboxIsolation],
      // A virtual machine has a memory file system of its own, which the size limit of the volume holds.
      scratchVolume: demand.sandboxIsolation === "gvisor" ? gvisorScratchVolume : () => ({}),
      // The interfaces of the control plane are in the data vSwitches.
      apiServer: peersAt(context.zones.map(({ data }) => data)),
      entry: entry.service,
      internalCidrs: internalCidrs(demand),
      imageMirror: () => `${registry.address}/mirror`,
      ...(demand.architecture === "B" ? { outsideCidrs: demand.network.companyCidrs } : {}),
      vaultSeal: vaultSeal(demand, keys),
    };
  }
}

/** The parts that the platform's own properties speak of. */
interface Parts {
  readonly context: AlibabaContext;
  readonly network: Network;
  readonly keys: Keys;
  readonly registry: Registry;
  readonly cluster: Cluster;
  readonly entry: Entry;
  readonly nodes: Nodes;
  readonly alicloud: ProviderResource;
}
