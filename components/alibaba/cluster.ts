import { AutoscalingConfig } from "@pulumi/alicloud/cs/autoscalingConfig.js";
import { KubernetesAddon } from "@pulumi/alicloud/cs/kubernetesAddon.js";
import { ManagedKubernetes } from "@pulumi/alicloud/cs/managedKubernetes.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { type Output, unsecret } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept, slow } from "../resource-options.ts";
import { type AlibabaContext, named } from "./context.ts";
import { json, RamRole } from "./identity.ts";
import type { Keys } from "./keys.ts";
import { type Logs, retentionDays } from "./logs.ts";
import type { Network } from "./network.ts";
import { SERVICE_CIDR } from "./offer.ts";
import type { Registry } from "./registry.ts";

/** What {@link Cluster} needs. */
export interface ClusterArgs {
  readonly context: AlibabaContext;
  readonly network: Network;
  readonly keys: Keys;
  readonly logs: Logs;
  readonly registry: Registry;
}

/**
 * Add-ons from the start, with their configuration. Those with an empty one need none. The names were read in examples of
 * the Terraform provider (2026-11-24) or remembered; which versions an account gets is up to ACK.
 */
function addons({ logs }: ClusterArgs) {
  return [
    { name: "terway-eniip", config: JSON.stringify({ IPVlan: "false", NetworkPolicy: "true", ENITrunking: "false" }) },
    { name: "csi-plugin" },
    { name: "managed-csiprovisioner" },
    { name: "ack-ram-authenticator" },
    { name: "metrics-server" },
    { name: "security-inspector" },
    { name: "ack-node-problem-detector" },
    {
      name: "logtail-ds",
      config: json({ IngressDashboardEnabled: "false", sls_project_name: logs.project.projectName }),
    },
    { name: "alb-ingress-controller", config: JSON.stringify({ albIngress: { CreateDefaultALBConfig: false } }) },
    // Each would open a load balancer, or send metrics to a service, that nobody asked for.
    { name: "nginx-ingress-controller", disabled: true },
    { name: "arms-prometheus", disabled: true },
  ];
}

/** ACK changes the cluster in these hours (UTC+8) of this day alone. */
const MAINTENANCE = {
  enable: true,
  maintenanceTime: "2026-11-29T02:00:00.000+08:00",
  duration: "3h",
  weeklyPeriod: "Sunday",
};

/** ServiceAccount that ACK's add-on for registry passwords runs under. */
const PULLER = { namespace: "kube-system", serviceAccount: "aliyun-acr-credential-helper" };

/**
 * ACK Pro: an API server that answers inside the network alone, its secrets encrypted with a customer key, every audit and
 * control-plane log kept, pods with addresses of the network and NetworkPolicies enforced.
 *
 * Children: ManagedKubernetes, AutoscalingConfig, RamRole and KubernetesAddon for pulling images, Provider.
 * Cost: 0.64 CNY an hour (facts of 2026-11-23). Checked by: test/unit/components/alibaba/cluster.test.ts.
 */
export class Cluster extends Component {
  readonly cluster: ManagedKubernetes;
  readonly kubernetes: Provider;
  /** Leads to the cluster; holds no credential. */
  readonly kubeconfig: Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: ComponentResourceOptions) {
    super("breakwater:alibaba:Cluster", name, opts);
    this.cluster = this.#cluster(name, args);
    new AutoscalingConfig(
      name,
      {
        clusterId: this.cluster.id,
        scalerType: "cluster-autoscaler",
        expander: "least-waste",
        scaleUpFromZero: true,
        scaleDownEnabled: true,
        // A cell's volume stays with it; its scratch folders may go.
        skipNodesWithLocalStorage: false,
        skipNodesWithSystemPods: true,
        coolDownDuration: "10m",
        unneededDuration: "10m",
        utilizationThreshold: "0.5",
        gpuUtilizationThreshold: "0.5",
      },
      this.child(),
    );
    this.#pulls(name, args);
    this.kubeconfig = kubeconfig(this.cluster);
    this.kubernetes = new Provider(
      "cluster",
      { kubeconfig: this.kubeconfig, enableServerSideApply: true },
      { parent: this },
    );
    this.registerOutputs();
  }

  #cluster(name: string, args: ClusterArgs): ManagedKubernetes {
    const { context, network, keys, logs } = args;
    const { demand, zones } = context;
    const project = logs.project.projectName;
    return new ManagedKubernetes(
      name,
      {
        name: named(context, "cluster", "cluster"),
        clusterSpec: "ack.pro.small",
        version: demand.kubernetesVersion,
        profile: "Default",
        // The control plane's interfaces stand apart from nodes, where NetworkPolicies can name them.
        vswitchIds: [...network.idsOf("data", zones)],
        podVswitchIds: [...network.idsOf("nodes", zones)],
        serviceCidr: SERVICE_CIDR,
        proxyMode: "ipvs",
        isEnterpriseSecurityGroup: true,
        newNatGateway: false,
        slbInternetEnabled: false,
        // Both are needed: a key alone encrypts nothing.
        encryptionProviderKey: keys.of("cluster").id,
        disableEncryption: false,
        enableRrsa: true,
        auditLogConfig: { enabled: true, slsProjectName: project },
        controlPlaneLogComponents: ["apiserver", "kcm", "scheduler", "ccm", "controlplane-events"],
        controlPlaneLogTtl: String(retentionDays(demand, context.mainland)),
        controlPlaneLogProject: project,
        maintenanceWindow: MAINTENANCE,
        operationPolicy: { clusterAutoUpgrade: { enabled: true, channel: "patch" } },
        addons: addons(args),
        deletionProtection: true,
        deleteOptions: ["SLB", "ALB", "SLS_Data", "SLS_ControlPlane"].map((resourceType) => ({
          resourceType,
          deleteMode: "retain",
        })),
        tags: context.tags,
      },
      {
        ...kept(slow(this.child())),
        // ACK hands out a certificate of the one who makes the cluster. We use its authority alone.
        additionalSecretOutputs: ["certificateAuthority"],
        // Patches of the version are ACK's; add-ons change by themselves once they are there.
        ignoreChanges: ["addons"],
      },
    );
  }

  /** Nodes get their registry passwords from an add-on that has the right to ask for them, and no other right. */
  #pulls(name: string, { context, registry }: ClusterArgs): void {
    const { region } = context.demand;
    const { ramOidcProviderArn: arn, rrsaOidcIssuerUrl: issuer } = this.cluster.rrsaMetadata;
    const instance = registry.instance.id;
    const puller = new RamRole(
      `${name}-puller`,
      {
        context,
        role: "image-puller",
        says: "Lets the cluster's registry add-on pull this environment's images.",
        trust: { ...PULLER, provider: { arn, issuer } },
        allows: [
          {
            Effect: "Allow",
            Action: ["cr:GetAuthorizationToken", "cr:ListInstanceEndpoint"],
            Resource: [instance.apply((id) => `acs:cr:${region}:*:instance/${id}`)],
          },
          {
            Effect: "Allow",
            Action: ["cr:PullRepository"],
            Resource: [instance.apply((id) => `acs:cr:${region}:*:repository/${id}/breakwater/*`)],
          },
        ],
      },
      { parent: this },
    );
    new KubernetesAddon(
      `${name}-puller`,
      {
        clusterId: this.cluster.id,
        name: "managed-aliyun-acr-credential-helper",
        config: json({
          AcrInstanceInfo: [{ instanceId: instance, regionId: region, domains: registry.address }],
          watchNamespace: "all",
          serviceAccount: "*",
          rrsa: { enable: true, rrsaRoleName: puller.roleName },
        }),
      },
      this.child(),
    );
  }
}

/**
 * Every call asks for a credential of minutes with the identity of whoever deploys (`ack-ram-tool`, found in the PATH). The
 * address is the inner one, so that whoever deploys stands inside the network.
 */
function kubeconfig(cluster: ManagedKubernetes): Output<string> {
  const user = {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "ack-ram-tool",
      args: [
        ...["credential-plugin", "get-credential", "--cluster-id", cluster.id],
        ...["--api-version", "v1beta1", "--expiration", "15m", "--log-level", "error"],
      ],
      provideClusterInfo: false,
      interactiveMode: "Never",
    },
  };
  // A certificate of an authority is public; the rest of that output is not, and does not leave it.
  const authority = unsecret(cluster.certificateAuthority.clusterCert);
  return json({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "cluster",
        cluster: { server: cluster.connections.apiServerIntranet, "certificate-authority-data": authority },
      },
    ],
    contexts: [{ name: "cluster", context: { cluster: "cluster", user: "deployer" } }],
    "current-context": "cluster",
    users: [{ name: "deployer", user }],
  });
}
