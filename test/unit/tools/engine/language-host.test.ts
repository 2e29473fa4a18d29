import { join } from "node:path";
import { expect, test } from "vitest";
import { launchPlugin, launchProgram } from "../../../../tools/engine/language-host/launch.ts";
import { outcomeOf } from "../../../../tools/engine/language-host/outcome.ts";
import { projectRoot } from "../../../../tools/paths.ts";

test("only exit code 0 is success", () => {
  expect(outcomeOf(0, null)).toEqual({});
  expect(outcomeOf(1, null)).toEqual({ error: "the program exited with code 1" });
  expect(outcomeOf(null, "SIGKILL")).toEqual({ error: "the program was ended by SIGKILL" });
});

test("an error that was already reported is not reported twice", () => {
  expect(outcomeOf(32, null)).toEqual({ bail: true });
});

test("configuration, which may hold secrets, is never on the command line", () => {
  const launch = launchProgram({
    engineAddress: "e",
    monitorAddress: "m",
    project: "p",
    stack: "s",
    organization: "o",
    pwd: projectRoot,
    programDirectory: projectRoot,
    entryPoint: ".",
    rootDirectory: "",
    parallel: 4,
    dryRun: true,
    args: [],
    config: { "p:password": "s3cret" },
    secretKeys: ["p:password"],
    nodeArgs: "--import tsx",
  });
  expect(launch.args.join(" ")).not.toContain("s3cret");
  expect(launch.args.slice(0, 2)).toEqual(["--import", "tsx"]);
  expect(launch.args.slice(-2)).toEqual(["--dry-run", "."]);
  expect(launch.environment["PULUMI_CONFIG"]).toBe('{"p:password":"s3cret"}');
});

test("a policy pack starts inside its own folder", () => {
  const request = {
    kind: "analyzer",
    programDirectory: projectRoot,
    pwd: "/",
    args: ["address"],
    environment: ["A=b=c"],
    typescript: true,
  };
  const launch = launchPlugin(request);
  expect(launch.cwd).toBe(projectRoot);
  expect(launch.args.slice(1)).toEqual(["address", projectRoot]);
  expect(launch.environment).toEqual({ A: "b=c" });
});

test("a policy pack that says it is JavaScript is spared the TypeScript compiler, and any other is run as by Pulumi", () => {
  const request = { kind: "analyzer", programDirectory: projectRoot, pwd: "/", args: [], environment: [] };
  const runner = (typescript: boolean) => launchPlugin({ ...request, typescript }).args[0];
  expect(runner(true)).toMatch(/@pulumi\/pulumi\/cmd\/run-policy-pack\/index.js$/);
  expect(runner(false)).toBe(join(projectRoot, "tools/engine/language-host/run-policy-pack.cjs"));
});
