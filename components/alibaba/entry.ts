import { refuse } from "@breakwater/runtime/problems";
import { LoadBalancer } from "@pulumi/alicloud/alb/loadBalancer.js";
import { LoadBalancerSecurityGroupAttachment } from "@pulumi/alicloud/alb/loadBalancerSecurityGroupAttachment.js";
import { SecurityGroup } from "@pulumi/alicloud/ecs/securityGroup.js";
import { SecurityGroupRule } from "@pulumi/alicloud/ecs/securityGroupRule.js";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import { IngressClass } from "@pulumi/kubernetes/networking/v1/ingressClass.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { Demand } from "../demand.ts";
import { notAwaited } from "../labels.ts";
import { FRONT_DOOR_PORT, PLATFORM_NAMESPACE } from "../names.ts";
import type { Entry as PlatformEntry } from "../platform.ts";
import { kept, slow } from "../resource-options.ts";
import type { Cluster } from "./cluster.ts";
import { type AlibabaContext, named } from "./context.ts";
import type { Logs } from "./logs.ts";
import { type Network, peersAt } from "./network.ts";

const INGRESS_CLASS = "breakwater";

/** TLS 1.2 and 1.3 with forward secrecy alone. A system policy of ALB (facts of 2026-11-23). */
export const TLS_POLICY = "tls_cipher_policy_1_2_strict_with_1_3";

/** The longest that a turn of an agent may take until its first byte, in seconds; ALB allows 600. */
const REQUEST_TIMEOUT_SECONDS = 600;

/** What {@link Entry} needs. */
export interface EntryArgs {
  readonly context: AlibabaContext;
  readonly network: Network;
  readonly cluster: Cluster;
  readonly logs: Logs;
  /** The nodes that ACK's controller of load balancers runs on. */
  readonly nodes: Resource;
}

/**
 * The way in: one application load balancer that ends TLS and takes the company's addresses alone. It has an address of
 * the internet, and a web application firewall with it, only where the settings ask for it under architecture A.
 * The certificate is the one in Alibaba's Certificate Management that is for the host; the controller finds it by the name.
 *
 * Children: SecurityGroup with its rules, LoadBalancer, LoadBalancerSecurityGroupAttachment, AlbConfig, IngressClass.
 * Cost: 0.049 CNY an hour and LCU (facts of 2026-11-23). Checked by: test/unit/components/alibaba/entry.test.ts.
 */
export class Entry extends Component {
  readonly loadBalancer: LoadBalancer;
  readonly #class: IngressClass;
  readonly #host: string;
  readonly #context: AlibabaContext;

  constructor(name: string, args: EntryArgs, opts?: ComponentResourceOptions) {
    super("breakwater:alibaba:Entry", name, opts);
    const { context, cluster } = args;
    this.#context = context;
    this.#host = hostOf(context.demand);
    const group = this.#walls(name, args);
    this.loadBalancer = this.#loadBalancer(name, args);
    const guarded = new LoadBalancerSecurityGroupAttachment(
      name,
      { loadBalancerId: this.loadBalancer.id, securityGroupId: group.id },
      this.child(),
    );
    const inCluster = { ...this.child([guarded, args.nodes]), provider: cluster.kubernetes };
    const config = new CustomResource(name, albConfig(this.loadBalancer), inCluster);
    this.#class = new IngressClass(
      name,
      {
        metadata: { name: INGRESS_CLASS },
        spec: {
          controller: "ingress.k8s.alibabacloud/alb",
          parameters: { apiGroup: "alibabacloud.com", kind: "AlbConfig", name: INGRESS_CLASS },
        },
      },
      { ...inCluster, dependsOn: [config] },
    );
    this.registerOutputs();
  }

  /** How the front door's Service is reached. */
  get service(): PlatformEntry {
    return {
      type: "ClusterIP",
      peers: peersAt(this.#context.zones.map(({ edge }) => edge)),
      bind: (service, opts) => {
        new Ingress("front-door", this.#ingress(), { ...opts, dependsOn: [service, this.#class] });
      },
    };
  }

  #walls(name: string, { context, network }: EntryArgs): SecurityGroup {
    const { demand, tags } = context;
    const group = new SecurityGroup(
      name,
      {
        vpcId: network.vpc.id,
        securityGroupName: named(context, "securityGroup", "entry"),
        description: "The load balancer: HTTPS from the company's addresses alone.",
        innerAccessPolicy: "Drop",
        tags,
      },
      this.child(),
    );
    for (const cidr of allowedCidrs(demand)) {
      new SecurityGroupRule(
        `${name}-${cidr}`,
        {
          securityGroupId: group.id,
          type: "ingress",
          policy: "accept",
          ipProtocol: "tcp",
          portRange: "443/443",
          cidrIp: cidr,
          description: "HTTPS.",
        },
        this.child(),
      );
    }
    return group;
  }

  #loadBalancer(name: string, { context, network, logs }: EntryArgs): LoadBalancer {
    const { zones, publicEntry } = context;
    return new LoadBalancer(
      name,
      {
        loadBalancerName: named(context, "loadBalancer", "entry"),
        vpcId: network.vpc.id,
        addressType: publicEntry ? "Internet" : "Intranet",
        addressAllocatedMode: "Fixed",
        addressIpVersion: "IPv4",
        loadBalancerEdition: publicEntry ? "StandardWithWaf" : "Standard",
        loadBalancerBillingConfig: { payType: "PayAsYouGo" },
        zoneMappings: zones.map((zone) => ({ zoneId: zone.zone, vswitchId: network.switchOf("edge", zone).id })),
        deletionProtectionConfig: { enabled: true },
        accessLogConfig: { logProject: logs.project.projectName, logStore: logs.entryStore.logstoreName },
        tags: context.tags,
      },
      kept(slow(this.child())),
    );
  }

  #ingress() {
    const annotations = {
      ...notAwaited,
      "alb.ingress.kubernetes.io/listen-ports": '[{"HTTPS": 443}]',
      "alb.ingress.kubernetes.io/healthcheck-enabled": "true",
      "alb.ingress.kubernetes.io/healthcheck-protocol": "TCP",
      "alb.ingress.kubernetes.io/healthcheck-connect-port": String(FRONT_DOOR_PORT),
    };
    const backend = { service: { name: "front-door", port: { number: FRONT_DOOR_PORT } } };
    return {
      metadata: { name: "front-door", namespace: PLATFORM_NAMESPACE, annotations },
      spec: {
        ingressClassName: INGRESS_CLASS,
        tls: [{ hosts: [this.#host] }],
        rules: [{ host: this.#host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
      },
    };
  }
}

/** The controller takes the load balancer that we made and gives it one listener; it makes none of its own. */
function albConfig({ id }: LoadBalancer) {
  return {
    apiVersion: "alibabacloud.com/v1",
    kind: "AlbConfig",
    metadata: { name: INGRESS_CLASS, annotations: notAwaited },
    spec: {
      config: { id, forceOverride: false, listenerForceOverride: true },
      listeners: [
        {
          port: 443,
          protocol: "HTTPS",
          securityPolicyId: TLS_POLICY,
          requestTimeout: REQUEST_TIMEOUT_SECONDS,
          idleTimeout: 600,
          xForwardedForConfig: { XForwardedForEnabled: true, XForwardedForProtoEnabled: true },
        },
      ],
    },
  };
}

/** Ranges that may reach the front door: those of the settings, or the company's and the platform's own. */
export function allowedCidrs({ entry, network }: Pick<Demand, "entry" | "network">): readonly string[] {
  return [...new Set(entry.allowedCidrs.length > 0 ? entry.allowedCidrs : [...network.companyCidrs, network.cidr])];
}

/** @throws ProblemError `alibaba/no-host` */
export function hostOf({ entry }: Pick<Demand, "entry">): string {
  if (entry.host !== undefined) return entry.host;
  return refuse({
    code: "alibaba/no-host",
    path: "network.host",
    got: "nothing",
    expected: "the name under which people reach the front door, because its certificate is found by it",
    remedy: "set it, and upload a certificate for it to Certificate Management",
  });
}
