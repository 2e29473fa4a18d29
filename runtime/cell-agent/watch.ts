import type { GatewayConnection } from "./gateway-connection.ts";
import { refusal } from "./plugin-check.ts";

/** Whether the cell may serve, and if not, why. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** What the watch needs of the world; tests pass their own. */
export interface WatchDeps {
  readonly connect: () => Promise<GatewayConnection>;
  /** Resolves early when the watch is stopped. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly requiredPlugins: readonly string[];
  /** Called when the readiness changes. */
  readonly onChange: (readiness: Readiness) => void;
  readonly stopped: () => boolean;
}

/** Between two looks at a connected gateway: a plugin can be lost by a configuration reload. */
export const RECHECK_MS = 10_000;
const FIRST_RETRY_MS = 500;
export const LONGEST_RETRY_MS = 3_000;

/** Checks the cell until stopped. Not ready from the first moment, and again whenever a check cannot be made. */
export async function watch(deps: WatchDeps): Promise<void> {
  let current: Readiness = { ready: false, reason: "not checked yet" };
  const set = (next: Readiness): void => {
    const same = current.ready === next.ready && (current.ready || next.ready || current.reason === next.reason);
    current = next;
    if (!same) deps.onChange(next);
  };
  deps.onChange(current);
  let retryMs = FIRST_RETRY_MS;
  while (!deps.stopped()) {
    try {
      const connection = await deps.connect();
      try {
        retryMs = FIRST_RETRY_MS;
        await recheck(deps, connection, set);
      } finally {
        connection.close();
      }
    } catch (error) {
      set({ ready: false, reason: `gateway: ${error instanceof Error ? error.message : "unknown error"}` });
    }
    await deps.sleep(retryMs);
    retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
  }
}

/** Returns only by throwing or when stopped. */
async function recheck(
  deps: WatchDeps,
  connection: GatewayConnection,
  set: (readiness: Readiness) => void,
): Promise<void> {
  while (!deps.stopped()) {
    const reason = refusal(await connection.call("health", {}), deps.requiredPlugins);
    set(reason === undefined ? { ready: true } : { ready: false, reason });
    const lost = await Promise.race([deps.sleep(RECHECK_MS), connection.closed]);
    if (lost !== undefined) throw new Error(`closed: ${lost}`);
  }
}
