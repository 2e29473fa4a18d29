import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { projectRoot } from "../../../tools/paths.ts";
import { BareMachine, ended } from "../../support/breakwater.ts";

// Each test starts real processes; on a busy machine one takes seconds.
vi.setConfig({ testTimeout: 120_000 });

const machine = new BareMachine();
afterAll(() => machine.remove());

test.each([
  ["a plan", ["plan", "local"]],
  ["a refusal for programs", ["plan", "nowhere", "--json"]],
  ["a table", ["enforcers", "local"]],
  ["help", ["--help"]],
])("%s whose reader is gone ends quietly, with the status of a broken pipe", async (_, command) => {
  const { code, stdout, stderr } = await machine.runUnread("stdout", ...command);
  expect([code, stdout, stderr]).toEqual([141, "", ""]);
});

test("head takes the first line of a plan of many and ends the plan quietly", async () => {
  const plan = `'${process.execPath}' '${join(projectRoot, "cli", "bin.mjs")}' plan acme-aws --format json -q`;
  const shell = spawn("bash", ["-c", `${plan} | head -1; echo "\${PIPESTATUS[@]}"`], { cwd: projectRoot });
  expect(await ended(shell)).toEqual({ code: 0, stdout: "{\n141 0\n", stderr: "" });
});

test("a result is whole though nobody reads the progress", async () => {
  const { code, stdout } = await machine.runUnread("stderr", "settings", "check", "stacks/Pulumi.local.yaml");
  const read = await machine.run("settings", "check", "stacks/Pulumi.local.yaml");
  expect([code, stdout]).toEqual([0, read.stdout]);
  expect(stdout).not.toBe("");
});

test("a refusal that nobody reads is a refusal", async () => {
  expect((await machine.runUnread("stderr", "plan", "nowhere")).code).toBe(1);
});
