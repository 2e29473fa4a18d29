import { expect, test } from "vitest";
import { auditDirectoriesOf } from "../../../cli/audit/directories.ts";
import { takeDown } from "../../../cli/deploy/down.ts";
import { runningCluster } from "../../../cli/deploy/running-cluster.ts";
import { statusOf } from "../../../cli/deploy/status.ts";
import { bringUp } from "../../../cli/deploy/up.ts";
import { type EnvironmentFile, readEnvironmentFile } from "../../../cli/environment.ts";
import { silent } from "../../../tools/progress.ts";

/** An environment that runs on a cloud, whatever runs on this machine. */
function elsewhere(): EnvironmentFile {
  const local = readEnvironmentFile("local");
  const deployment = { ...local.settings.deployment, topology: "aws" as const };
  return { ...local, name: "acme", settings: { ...local.settings, deployment } };
}

test.each([
  ["up", () => bringUp(elsewhere(), silent)],
  ["down", () => takeDown(elsewhere(), { keepData: false }, silent)],
  ["status", () => statusOf(elsewhere())],
  ["verify, keys and agents", () => runningCluster(elsewhere())],
  ["audit", () => auditDirectoriesOf(elsewhere())],
])("%s never takes the node of this machine for an environment that runs elsewhere", async (_, attempt) => {
  await expect(attempt()).rejects.toThrow(
    "[deployment/elsewhere] acme: got topology aws; expected an environment of topology local, which runs on this machine;",
  );
});
