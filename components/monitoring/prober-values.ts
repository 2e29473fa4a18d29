import { pinnedTo } from "../agents/pinned.ts";
import type { Placement } from "../platform.ts";
import { type Mirror, mirroredImage } from "./images.ts";
import { PROBER, TLS_MODULE } from "./scrapes.ts";

/** blackbox exporter as its chart takes it: one module, that of certificates. */
export function proberValues({
  placement,
  mirror,
}: {
  readonly placement: Placement;
  readonly mirror: Mirror | undefined;
}): Record<string, unknown> {
  return {
    fullnameOverride: PROBER.host,
    ...mirroredImage("prober", mirror),
    ...pinnedTo(placement),
    config: { modules: { [TLS_MODULE]: { prober: "tcp", timeout: "20s", tcp: { tls: true } } } },
    service: { port: PROBER.port },
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
  };
}
