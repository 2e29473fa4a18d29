import { takeDown } from "../../cli/deploy/down.ts";
import { bringUp } from "../../cli/deploy/up.ts";
import { readEnvironmentFile } from "../../cli/environment.ts";
import { terminalProgress } from "../../cli/terminal.ts";
import { currentCluster } from "../../tools/cluster/index.ts";

/**
 * The environment `local` for all tests of this layer, deployed as `npm start` deploys it. An environment that was
 * already running stays; one that the tests started goes when they end.
 */
export async function setup(): Promise<() => Promise<void>> {
  const environment = readEnvironmentFile("local");
  const before = await currentCluster();
  const progress = terminalProgress();
  await bringUp(environment, progress);
  return async () => {
    if (before === undefined) await takeDown(environment, { keepData: false }, progress);
  };
}
