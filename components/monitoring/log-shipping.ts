import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { outsideWays } from "../agents/outside.ts";
import { defaultDeny, dnsWay, waysPolicy } from "../agents/reach.ts";
import { Component } from "../component.ts";
import type { Platform } from "../platform.ts";
import { CHARTS, chartSource, INSTALL_SECONDS } from "./charts.ts";
import type { Mirror } from "./images.ts";
import { LOG_SECRET, LOG_SHIPPING_LABELS, type LogDestination, logShippingValues } from "./log-shipping-values.ts";
import { MONITORING_LABELS } from "./names.ts";

/** What log shipping needs. */
export interface LogShippingArgs {
  readonly platform: Platform;
  readonly destination: LogDestination;
  /** Mirror of the charts inside the company network. */
  readonly charts: string | undefined;
  readonly mirror: Mirror | undefined;
}

const NAMESPACE = "logs";

/**
 * The logs of the platform's own pods to Splunk or Elasticsearch, by Fluent Bit on every node. It reads files of the node,
 * which no other namespace may, and reaches its destination and nothing else. The audit log ships itself.
 *
 * Children: Namespace, two NetworkPolicies, Secret (through the platform) where there is a token or an authority, Release.
 * Checked by: test/unit/components/monitoring/log-shipping.test.ts.
 */
export class LogShipping extends Component {
  constructor(name: string, args: LogShippingArgs, opts?: ComponentResourceOptions) {
    super("breakwater:monitoring:LogShipping", name, opts);
    const { platform, destination, charts, mirror } = args;
    const space = new Namespace(
      name,
      { metadata: { name: NAMESPACE, labels: { ...MONITORING_LABELS, ...readsTheNode } } },
      this.child(),
    );
    const closed = defaultDeny(name, NAMESPACE, this.child(space));
    const ways = waysPolicy(
      `${name}-ways`,
      {
        name: "log-shipping",
        namespace: NAMESPACE,
        pods: LOG_SHIPPING_LABELS,
        from: [],
        to: [dnsWay(platform.dns), ...outsideWays(platform, [destination.port])],
      },
      this.child(space),
    );
    const files = secretFiles(destination);
    const secret =
      Object.keys(files).length === 0
        ? undefined
        : platform.secretFiles(name, { namespace: NAMESPACE, name: LOG_SECRET.name, files }, this.child(space));
    new Release(
      name,
      {
        ...chartSource(CHARTS.logs, charts),
        name: NAMESPACE,
        namespace: NAMESPACE,
        timeout: INSTALL_SECONDS,
        values: logShippingValues({
          destination,
          tolerations: platform.placement("gpu").tolerations ?? [],
          mirror,
          secretsFingerprint: secret?.fingerprint,
        }),
      },
      {
        ...this.child([closed, ways, ...(secret === undefined ? [] : [secret])]),
        customTimeouts: { create: `${INSTALL_SECONDS + 60}s`, update: `${INSTALL_SECONDS + 60}s`, delete: "10m" },
      },
    );
    this.registerOutputs();
  }
}

/** Pod Security has no level for a pod that reads files of its node; the walls and the dropped rights remain. */
const readsTheNode = {
  "pod-security.kubernetes.io/enforce": "privileged",
  "pod-security.kubernetes.io/warn": "baseline",
  "pod-security.kubernetes.io/audit": "baseline",
};

function secretFiles({ tokenFile, authorityFile }: LogDestination): Record<string, string> {
  return {
    ...(tokenFile === undefined ? {} : { [LOG_SECRET.token]: tokenFile }),
    ...(authorityFile === undefined ? {} : { [LOG_SECRET.authority]: authorityFile }),
  };
}
