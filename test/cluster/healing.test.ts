import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bringUp } from "../../cli/deploy/up.ts";
import { runCheck } from "../../cli/verify/check.ts";
import { sandboxReach } from "../../cli/verify/checks/sandbox-reach.ts";
import { liveWorld } from "../../cli/verify/live-world.ts";
import { markedProcesses, terminate } from "../../tools/cluster/node/process.ts";
import { environmentDir } from "../../tools/paths.ts";
import { silent } from "../../tools/progress.ts";
import { deployed } from "../support/cluster.ts";

test("after every process of the node was killed, up ends with a reply, the same objects and the same walls", async () => {
  const { environment, cluster } = await deployed();
  const pids = (await markedProcesses()).map(({ pid }) => pid);
  await terminate(pids, 0);

  const { changes, firstReply } = await bringUp(environment, silent);

  expect(Object.keys(changes)).toEqual(["same"]);
  expect(firstReply.answered).toContain(firstReply.asked);
  expect(await runCheck(sandboxReach, await liveWorld(environment, cluster))).toMatchObject({ verdict: "held" });
});

test("what the state of another cluster calls present is made again in this one", async () => {
  const { environment, policy } = await deployed();
  const budget = { namespace: "breakwater", name: "router" };
  await policy.deleteNamespacedPodDisruptionBudget(budget);
  writeFileSync(environmentDir(environment.name, "cluster-id"), "another");

  const { changes } = await bringUp(environment, silent);

  expect(changes).toMatchObject({ create: 1 });
  expect((await policy.readNamespacedPodDisruptionBudget(budget)).metadata?.name).toBe("router");
});
