import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { ended } from "../../../support/breakwater.ts";

// Each test starts real processes; on a busy machine one takes seconds.
vi.setConfig({ testTimeout: 120_000 });

const POD = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: app}]}}";

function run(args: readonly string[], input = "") {
  const child = spawn(process.execPath, [join("cli", "bin.mjs"), "check", ...args]);
  child.stdin.end(input);
  return ended(child);
}

test("a pod that holds: 0; one that does not: 1, with what to do", async () => {
  const [holds, violates] = await Promise.all([
    run(["--level", "baseline", "-"], POD),
    run(["--level", "restricted", "-"], POD),
  ]);
  expect([holds.code, holds.stdout]).toEqual([0, "baseline v1.37: 1 pod in 1 file; none violates it\n"]);
  expect(violates.code).toBe(1);
  expect(violates.stdout).toContain("-:1 Pod/a container app: allowPrivilegeEscalation: ");
});

test("what cannot be judged is 1 and told on standard error; the rest is judged", async () => {
  const { code, stdout, stderr } = await run(["--level", "baseline", "nowhere.yaml", "-"], POD);
  expect([code, stdout]).toEqual([1, "baseline v1.37: 1 pod in 1 file; none violates it; 1 fault of the input\n"]);
  expect(stderr).toContain("[check/unreadable] nowhere.yaml: got ENOENT; expected ");
});

test("--json is the whole report", async () => {
  const { code, stdout } = await run(["--level", "restricted", "--json", "-"], POD);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    level: "restricted",
    version: "v1.37",
    pods: 1,
    podsViolating: 1,
    problems: [],
  });
});

test.each([
  ["no level", ["-"], "required option '--level <level>' not specified"],
  ["a level that is none", ["--level", "privileged", "-"], "Allowed choices are baseline, restricted"],
  ["no file", ["--level", "baseline"], "missing required argument 'files'"],
])("%s is a wrong command line: 2", async (_, args, says) => {
  const { code, stderr } = await run(args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
});

test("--version is the standard's, not the program's, and an unknown one is a wrong command line", async () => {
  const [older, unknown, latest] = await Promise.all(
    ["v1.18", "v1.38", "latest"].map((version) => run(["--level", "restricted", "--version", version, "-"], POD)),
  );
  expect(older?.stdout).toContain("restricted v1.18: 1 pod");
  expect([unknown?.code, unknown?.stderr]).toEqual([2, expect.stringContaining("It must be one of v1.0 to v1.37.")]);
  expect(latest?.code).toBe(2);
});
