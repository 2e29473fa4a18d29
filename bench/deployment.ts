import { statusOf } from "../cli/deploy/status.ts";
import { readEnvironmentFile } from "../cli/environment.ts";
import { currentCluster } from "../tools/cluster/index.ts";
import { memoryFigures } from "./memory.ts";
import { median, timed } from "./sample.ts";
import { type Figure, within } from "./table.ts";

const UP = [process.execPath, "cli/bin.mjs", "up", "local", "--json"] as const;
const UNCHANGED_TARGET_SECONDS = 15;
const WARM_START_TARGET_SECONDS = 120;
const ROUNDS = 3;

/** The part of the result of `up` that is read here. */
interface UpJson {
  readonly changes: Readonly<Record<string, number>>;
}

/**
 * `up` where nothing changes, and the memory of what stands. Only where the whole environment stands already: anywhere
 * else `up` would build it, which is not what is measured and not what the caller asked for.
 */
export async function benchUp(): Promise<readonly Figure[]> {
  const cluster = await currentCluster();
  const { ok } = await statusOf(readEnvironmentFile("local"));
  if (cluster === undefined || !ok) {
    return [{ what: "up without changes", measured: "local does not stand", limit: "first: npm start" }];
  }
  const runs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { seconds, stdout } = await timed(UP);
    const changed = Object.entries((JSON.parse(stdout) as UpJson).changes).filter(
      ([what, count]) => what !== "same" && count > 0,
    );
    // The first run may bring a changed checkout up to date; only one that changes nothing counts.
    if (changed.length === 0) runs.push(seconds);
  }
  const figure =
    runs.length === 0
      ? { what: "up without changes", measured: "every run changed something", met: false }
      : within(
          "up local without changes",
          median(runs),
          UNCHANGED_TARGET_SECONDS,
          "the engine's diff of every resource",
        );
  return [figure, ...(await memoryFigures(cluster))];
}

/** From a stopped node with its data to the first reply: takes the environment down and up again. */
export async function benchWarmStart(): Promise<readonly Figure[]> {
  await timed([process.execPath, "cli/bin.mjs", "down", "local", "--keep-data", "--json"]);
  // `up` ends with the first reply.
  const { seconds } = await timed(UP);
  return [within("warm start to first reply", seconds, WARM_START_TARGET_SECONDS, "three OpenClaw gateways starting")];
}
