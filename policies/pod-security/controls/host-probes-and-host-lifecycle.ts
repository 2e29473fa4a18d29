import type { Control } from "../control.ts";
import { eachContainer, quoted } from "../placed.ts";
import type { Container, Handler } from "../pod.ts";

/** The kubelet sends these requests from the node: with a host in them, to wherever the pod's author likes. */
export const hostProbesAndHostLifecycle: Control = {
  id: "hostProbesAndHostLifecycle",
  level: "baseline",
  asks: "Probes and lifecycle hooks must ask the pod itself, not another host.",
  fix: "remove host; a name for the server belongs into httpHeaders as Host",
  revisions: [
    {
      since: 34,
      judge: eachContainer((container) => {
        const named = Object.entries(handlersOf(container)).flatMap(([path, handler]) =>
          hostsOf(handler).map((host) => ({ path, host })),
        );
        if (named.length === 0) return undefined;
        return `host is ${quoted(named.map(({ host }) => host))} in ${named.map(({ path }) => path).join(", ")}`;
      }),
    },
  ],
};

function handlersOf(container: Container): Readonly<Record<string, Handler>> {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  return {
    livenessProbe,
    readinessProbe,
    startupProbe,
    "lifecycle.postStart": lifecycle?.postStart,
    "lifecycle.preStop": lifecycle?.preStop,
  };
}

function hostsOf(handler: Handler): readonly string[] {
  return [handler?.httpGet?.host ?? "", handler?.tcpSocket?.host ?? ""].filter((host) => host !== "");
}
