import { problemAt } from "./codes.ts";
import type { Check } from "./place.ts";

/** What the runtime asks of Kubernetes, whoever runs it. */
const OLDEST = {
  version: "1.30",
  source:
    "ValidatingAdmissionPolicy is on by default since 1.30 (open-policy-agent.github.io/gatekeeper, read 2026-11-24)",
};

/** The version is one that the runtime can use and that the cloud keeps in standard support. */
export const kubernetesVersion: Check = ({ demand, offer, settings }) => {
  const wanted = demand.kubernetesVersion;
  const offered = offer?.kubernetesVersions ?? [];
  const usable = offered.filter((version) => minor(version) >= minor(OLDEST.version));
  const path = "kubernetes.version";
  if (minor(wanted) < minor(OLDEST.version)) {
    const best = closest(wanted, usable) ?? OLDEST.version;
    const expected = `${OLDEST.version} or later, nearest ${best}`;
    const remedy = settings.kubernetes.existing === undefined ? `write "${best}"` : "update the cluster first";
    return [problemAt("placement/kubernetes-version", path, { got: wanted, expected, remedy, source: OLDEST.source })];
  }
  if (offered.length === 0 || offered.includes(wanted)) return [];
  const best = closest(wanted, usable);
  return [
    problemAt("placement/kubernetes-version", path, {
      got: wanted,
      expected: `a version that ${settings.deployment.topology} has in standard support, nearest ${best}; all: ${offered.join(", ")}`,
      remedy: `write "${best}"`,
      source: `components/${settings.deployment.topology}/offer.ts`,
    }),
  ];
};

function minor(version: string): number {
  return Number(version.split(".")[1]);
}

/** Of two that are as near, the newer: it is supported for longer. */
function closest(wanted: string, known: readonly string[]): string | undefined {
  const away = (version: string) => Math.abs(minor(version) - minor(wanted));
  return [...known].sort((a, b) => away(a) - away(b) || minor(b) - minor(a))[0];
}
