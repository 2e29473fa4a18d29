import { PUBLIC_PROVIDERS, resolveProvider } from "@breakwater/runtime/settings";
import { type PlacementProblem, problemAt } from "./codes.ts";
import { EXPORT_LAW } from "./export-law.ts";
import { homeOf } from "./jurisdiction.ts";
import { nearest } from "./nearest.ts";
import type { Check, Place } from "./place.ts";

/** Half a year of logs, in days. */
const MIN_RETENTION = 183;

const MAINLAND_HOSTS = PUBLIC_PROVIDERS.filter(({ jurisdiction }) => jurisdiction === "cn").map(({ host }) => host);
const RETENTION_LAW = "Cybersecurity Law as amended 2025, Art. 23(3), in force 2026-01-01";

/** Under Chinese law no model provider lies outside, and the audit log is kept as long as the law asks. */
export const china: Check = (place) => {
  if (homeOf(place) !== "cn") return [];
  return [...providers(place), ...retention(place)];
};

function providers({ settings, demand }: Place): readonly PlacementProblem[] {
  return Object.entries(settings.model_providers).flatMap(([name, entry]) => {
    const { kind, host, jurisdiction } = resolveProvider(entry);
    if (kind === "echo" || jurisdiction === "cn") return [];
    return [
      problemAt("placement/leaves-china", `model_providers.${name}`, {
        got: `${host}, jurisdiction "${jurisdiction}", in an environment in ${demand.region}`,
        expected: `a provider whose servers are in mainland China, jurisdiction "cn" (${EXPORT_LAW})`,
        remedy: `remove it, or choose qwen, deepseek, ernie or hunyuan at their addresses in the mainland, nearest ${nearest(host, MAINLAND_HOSTS)}, or a server of your own there`,
        source: EXPORT_LAW,
      }),
    ];
  });
}

function retention({ demand }: Place): readonly PlacementProblem[] {
  if (demand.auditRetentionDays >= MIN_RETENTION) return [];
  return [
    problemAt("placement/audit-retention", "audit.retention_days", {
      got: `${demand.auditRetentionDays} in ${demand.region}`,
      expected: `at least ${MIN_RETENTION} days, because logs are kept for six months there`,
      remedy: `set it to ${MIN_RETENTION} or more`,
      source: RETENTION_LAW,
    }),
  ];
}
