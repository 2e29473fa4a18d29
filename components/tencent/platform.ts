import type { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import type { Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { Demand } from "../demand.ts";
import { gvisorScratchVolume } from "../gvisor.ts";
import { registryImages } from "../images/registry-images.ts";
import type { Platform } from "../platform.ts";
import { poolPlacement } from "../pools.ts";
import { SecretFiles } from "../secret-files.ts";
import { VAULT_NAMESPACE, VAULT_SERVERS } from "../vault/names.ts";
import { Backup } from "./backup.ts";
import { Bastion } from "./bastion.ts";
import { ArtifactBucket, AuditBucket } from "./buckets.ts";
import { Cluster, ClusterAccess } from "./cluster.ts";
import { contextOf, type TencentContext } from "./context.ts";
import { managedDatabase } from "./database.ts";
import { Egress } from "./egress.ts";
import { entryOf, FrontEntry } from "./entry.ts";
import { GVISOR, gvisorRuntimeClass } from "./gvisor.ts";
import { PodRole } from "./identity.ts";
import { Keys } from "./keys.ts";
import { Logs } from "./logs.ts";
import { internalCidrsOf, Network } from "./network.ts";
import { Nodes } from "./nodes.ts";
import { provided } from "./provided.ts";
import { Registry } from "./registry.ts";
import { Provider } from "./sdk/provider.ts";
import { DISK_CLASS, SHARED_CLASS, Storage } from "./storage.ts";
import { ThreatDetection } from "./threat-detection.ts";
import { vaultSealOf } from "./vault-seal.ts";

/** What the platform on Tencent Cloud is made of. */
export interface TencentPlatformArgs {
  readonly demand: Demand;
  /** File that names what the deploying machine has built; undefined in a plan. */
  readonly imageLock: string | undefined;
}

/** CoreDNS as TKE labels it. */
const DNS = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};

/** Where the API server of a managed cluster answers its pods (169.254.128.0/17, remembered 2026-11-24). */
const API_SERVER = [{ ipBlock: { cidr: "169.254.128.0/17" } }];

/**
 * Everything of Tencent Cloud that one environment has, in the order in which it comes to be.
 *
 * Children: keys, buckets, logs, network, border, threat detection, bastion host, registry, cluster, nodes, the way to the cluster, storage, entry.
 * Cost: docs/topologies/tencent.md.
 */
export class TencentPlatform extends Component {
  readonly context: TencentContext;
  readonly kubernetes: KubernetesProvider;
  readonly kubeconfig: Output<string>;
  readonly network: Network;
  readonly keys: Keys;
  readonly registry: Registry;
  readonly entry: FrontEntry;
  /** Right of the vault's servers to leave their snapshots with the audit records. */
  readonly snapshots: PodRole;

  constructor(name: string, demand: Demand, opts: ComponentResourceOptions) {
    super("breakwater:tencent:TencentPlatform", name, opts);
    const context = contextOf(demand);
    const part = { parent: this };
    this.context = context;
    this.keys = new Keys("keys", context, part);
    const audit = new AuditBucket("audit", context, { keys: this.keys }, part);
    const logs = new Logs("logs", context, { audit }, part);
    this.network = new Network("network", context, part);
    new Egress("egress", context, { network: this.network, logs }, part);
    new ThreatDetection("threats", context, part);
    new Bastion("bastion", context, { network: this.network }, part);
    this.registry = new Registry("registry", context, { network: this.network }, part);
    const made = { network: this.network, keys: this.keys };
    const cluster = new Cluster("tke", context, { ...made, logs }, part);
    const artifacts = new ArtifactBucket("artifacts", context, { vpc: this.network.vpc }, part);
    const nodes = new Nodes("nodes", context, { ...made, cluster, artifacts, sums: provided("gvisor.sha512") }, part);
    const access = new ClusterAccess("access", { cluster, network: this.network, nodes: nodes.running }, part);
    this.kubernetes = access.kubernetes;
    this.kubeconfig = access.kubeconfig;
    const backup = new Backup("backup", context, part);
    new Storage("storage", context, { ...made, backup }, { ...part, providers: [access.kubernetes] });
    gvisorRuntimeClass(GVISOR, { ...this.child(), provider: access.kubernetes });
    this.entry = new FrontEntry("entry", context, { network: this.network, logs }, part);
    const vault = { role: "vault-snapshots", namespace: VAULT_NAMESPACE, serviceAccount: VAULT_SERVERS };
    const resources = [audit.objects(context, "vault/")];
    this.snapshots = new PodRole(
      "vault-snapshots",
      context,
      { ...vault, cluster, actions: ["name/cos:PutObject"], resources },
      part,
    );
    this.registerOutputs();
  }
}

/** Tencent Cloud, in one region: what the agents need of it. @throws ProblemError `tencent/...` */
export function tencentPlatform({ demand, imageLock }: TencentPlatformArgs): Platform {
  const provider = new Provider("tencent", { region: demand.region });
  const made = new TencentPlatform("tencent", demand, { providers: [provider] });
  const { context, registry, kubeconfig, kubernetes } = made;
  const repository = registry.repository.bind(registry);
  const image = registryImages("images", { repository, imageLock }, { parent: made, dependsOn: [...registry.ready] });
  const secretFiles: Platform["secretFiles"] = (name, args, opts) =>
    new SecretFiles(name, { ...args, kubeconfig }, opts);
  const pods = { image, secretFiles, placement: poolPlacement, dns: DNS } satisfies Partial<Platform>;
  const { network, keys } = made;
  return {
    ...pods,
    kubernetes,
    database: managedDatabase(context, {
      tencentcloud: provider,
      network,
      keys,
      authority: provided("postgres-authority.pem"),
      pods,
    }),
    storageClass: DISK_CLASS,
    sharedStorageClass: SHARED_CLASS,
    sandboxRuntimeClass: GVISOR,
    scratchVolume: gvisorScratchVolume,
    apiServer: API_SERVER,
    entry: entryOf(context, made.entry, secretFiles),
    internalCidrs: internalCidrsOf(context),
    imageMirror: () => `${registry.address}/mirror`,
    vaultSeal: vaultSealOf(context, made.snapshots),
  };
}
