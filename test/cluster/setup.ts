import { takeDown } from "../../cli/deploy/down.ts";
import { bringUp } from "../../cli/deploy/up.ts";
import { readEnvironmentFile } from "../../cli/environment.ts";
import { terminalProgress } from "../../cli/terminal.ts";
import { currentCluster } from "../../tools/cluster/index.ts";
import { leftovers } from "../../tools/cluster/node/down.ts";
import { ensureCommands } from "../../tools/packages.ts";

/**
 * The environment `local` for all tests of this layer, deployed as `npm start` deploys it. An environment that was
 * already running stays; one that the tests started goes when they end, and must leave nothing behind.
 */
export async function setup(): Promise<() => Promise<void>> {
  const environment = readEnvironmentFile("local");
  const before = await currentCluster();
  const progress = terminalProgress();
  // The source's own lines are run as they are written.
  await ensureCommands({ curl: "curl" }, progress);
  await bringUp(environment, progress);
  return async () => {
    if (before !== undefined) return;
    await takeDown(environment, { keepData: false }, progress);
    const left = await leftovers();
    if (left.length > 0) throw new Error(`down left behind:\n${left.join("\n")}`);
  };
}
