import type { Control, Revision } from "../control.ts";

/** Kernel parameters that belong to the pod alone, by the version that took each for safe. */
const SAFE_SINCE: ReadonlyMap<string, number> = new Map([
  ["kernel.shm_rmid_forced", 0],
  ["net.ipv4.ip_local_port_range", 0],
  ["net.ipv4.tcp_syncookies", 0],
  ["net.ipv4.ping_group_range", 0],
  ["net.ipv4.ip_unprivileged_port_start", 0],
  ["net.ipv4.ip_local_reserved_ports", 27],
  ["net.ipv4.tcp_keepalive_time", 29],
  ["net.ipv4.tcp_fin_timeout", 29],
  ["net.ipv4.tcp_keepalive_intvl", 29],
  ["net.ipv4.tcp_keepalive_probes", 29],
  ["net.ipv4.tcp_rmem", 32],
  ["net.ipv4.tcp_wmem", 32],
  ["net.ipv4.tcp_slow_start_after_idle", 37],
  ["net.ipv4.tcp_notsent_lowat", 37],
]);

const safeAt = (since: number): Revision => ({
  since,
  judge: ({ spec }) =>
    (spec.securityContext?.sysctls ?? [])
      .filter(({ name }) => (SAFE_SINCE.get(name) ?? Number.POSITIVE_INFINITY) > since)
      .map(({ name }) => ({ place: "pod", problem: `securityContext.sysctls has ${JSON.stringify(name)}` })),
});

/** Other kernel parameters change the node for every pod on it. */
export const sysctls: Control = {
  id: "sysctls",
  level: "baseline",
  asks: "Pods must set no kernel parameters but those that are theirs alone.",
  fix: `remove it; allowed are ${[...SAFE_SINCE].map(([name, since]) => (since === 0 ? name : `${name} (v1.${since})`)).join(", ")}`,
  revisions: [safeAt(0), safeAt(27), safeAt(29), safeAt(32), safeAt(37)],
};
