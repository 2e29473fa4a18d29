import { refuse } from "@breakwater/runtime/problems";
import type { Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { FRONT_DOOR_PORT, PLATFORM_NAMESPACE } from "../names.ts";
import type { Entry, Platform } from "../platform.ts";
import { kept } from "../resource-options.ts";
import { subnetsOf } from "../subnets.ts";
import { named, type TencentContext } from "./context.ts";
import { FrontDoorName } from "./dns.ts";
import type { Logs } from "./logs.ts";
import { CLOUD_CIDR, type Network } from "./network.ts";
import { ClbCustomizedConfig } from "./sdk/clb-customized-config.ts";
import { ClbInstance } from "./sdk/clb-instance.ts";
import { Provider } from "./sdk/provider.ts";
import { WafClbDomain } from "./sdk/waf-clb-domain.ts";
import { WafClbInstance } from "./sdk/waf-clb-instance.ts";

/** The Secret that says which certificate of the cloud's certificate service a listener has. */
const CERTIFICATE_SECRET = "front-door-certificate";

/** What listeners with HTTPS speak; the default has TLS 1.0 and 1.1 (document 214/32427, read 2026-11-24). */
const TLS = "ssl_protocols TLSv1.2 TLSv1.3;";

/** Mbit/s of a public load balancer, billed by traffic. */
const PUBLIC_MBPS = 100;

/** The firewall is sold in one region for all of mainland China (provider 1.83.25, waf_clb_instance). */
const FIREWALL_REGION = "ap-guangzhou";
/** Rules refuse, the learning part only watches. */
const FIREWALL_ENGINE = 21;

/** Regions as the firewall's and the load balancer's own API write them. */
const SHORT_REGIONS: Readonly<Record<string, string>> = {
  "ap-guangzhou": "gz",
  "ap-shanghai": "sh",
  "ap-beijing": "bj",
  "ap-nanjing": "nj",
};

/**
 * The load balancer that people and channels come to: of the private network, or public behind a web application
 * firewall. Its listener, with HTTPS and the company's certificate, is made by the cluster's service controller, because
 * only that knows the pods; whoever is not in the environment's ranges is dropped before it.
 *
 * Children: `${name}` (ClbInstance, ClbCustomizedConfig, FrontDoorName; public: Provider, WafClbInstance, WafClbDomain).
 * Cost: 0.2 CNY an hour (from memory, unverified); firewall by month, price not known here.
 * Checked by: test/unit/components/tencent/entry.test.ts.
 * @throws ProblemError `tencent/entry-host`, at preview.
 */
export class FrontEntry extends Component {
  readonly loadBalancer: Output<string>;
  readonly host: string;

  constructor(
    name: string,
    context: TencentContext,
    { network, logs }: { readonly network: Network; readonly logs: Logs },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:tencent:FrontEntry", name, opts);
    const { exposure } = context.demand.entry;
    this.host = hostOf(context);
    const balancer = new ClbInstance(
      name,
      {
        clbName: named(context, "loadBalancer", "entry"),
        vpcId: network.vpc,
        securityGroups: [network.groups.entry],
        deleteProtect: true,
        // The pods have walls of their own; asked twice, the second group would have to know every client.
        loadBalancerPassToTarget: true,
        // A topic like the others: CLB's own would be in a log set that an account has once and that keeps 90 days.
        logSetId: logs.logset,
        logTopicId: logs.topic("entry"),
        ...(exposure === "public" ? publicAddress(context) : internalAddress(network)),
        tags: context.tags,
      },
      kept(this.child()),
    );
    this.loadBalancer = balancer.id;
    new ClbCustomizedConfig(
      name,
      { configName: named(context, "loadBalancer", "tls"), configContent: TLS, loadBalancerIds: [balancer.id] },
      this.child(),
    );
    const address = balancer.clbVips.apply(([first = ""] = []) => first);
    new FrontDoorName(name, context, { host: this.host, address, network }, this.child());
    if (exposure === "public") this.#firewall(name, context);
    this.registerOutputs();
  }

  #firewall(name: string, context: TencentContext): void {
    const provider = new Provider(`${name}-firewall`, { region: FIREWALL_REGION }, { parent: this });
    const opts = { ...this.child(), provider };
    const instance = new WafClbInstance(
      name,
      {
        goodsCategory: "premium_clb",
        instanceName: named(context, "firewallInstance", "entry"),
        timeSpan: 1,
        timeUnit: "m",
        autoRenewFlag: 1,
      },
      kept(opts),
    );
    new WafClbDomain(
      name,
      {
        instanceId: instance.instanceId,
        domain: this.host,
        region: SHORT_REGIONS[context.demand.region] ?? context.demand.region,
        albType: "clb",
        engine: FIREWALL_ENGINE,
        flowMode: 1,
        clsStatus: 1,
        note: "Breakwater: the front door",
      },
      opts,
    );
  }
}

function hostOf({ demand }: TencentContext): string {
  if (demand.entry.host !== undefined) return demand.entry.host;
  return refuse({
    code: "tencent/entry-host",
    path: "network.host",
    got: "nothing",
    expected: "the name of the front door, because its listener has one certificate for one name",
    remedy: "write it as in agents.company.com",
  });
}

function publicAddress({ zones }: TencentContext) {
  return {
    networkType: "OPEN",
    internetChargeType: "TRAFFIC_POSTPAID_BY_HOUR",
    internetBandwidthMaxOut: PUBLIC_MBPS,
    masterZoneId: zones[0],
    slaveZoneId: zones[1],
  };
}

function internalAddress(network: Network) {
  return { networkType: "INTERNAL", subnetId: network.subnets("edge")[0] };
}

/** The front door's Service, tied to the load balancer; the certificate's number comes from a secret file. */
export function entryOf(context: TencentContext, entry: FrontEntry, secretFiles: Platform["secretFiles"]): Entry {
  const listener = {
    [FRONT_DOOR_PORT]: { protocol: ["HTTPS"], hosts: { [entry.host]: { tls: CERTIFICATE_SECRET } } },
  };
  const edges = subnetsOf(context.demand.network.cidr).map(({ edge }) => ({ ipBlock: { cidr: edge } }));
  return {
    type: "LoadBalancer",
    annotations: {
      "service.kubernetes.io/tke-existed-lbid": entry.loadBalancer,
      "service.cloud.tencent.com/direct-access": "true",
      "service.cloud.tencent.com/specify-protocol": JSON.stringify(listener),
    },
    peers: [...edges, { ipBlock: { cidr: CLOUD_CIDR } }],
    bind: (_service, opts: CustomResourceOptions) => {
      secretFiles(
        CERTIFICATE_SECRET,
        {
          namespace: PLATFORM_NAMESPACE,
          name: CERTIFICATE_SECRET,
          files: { qcloud_cert_id: "platform/front-door-certificate-id" },
        },
        opts as ComponentResourceOptions,
      );
    },
  };
}
