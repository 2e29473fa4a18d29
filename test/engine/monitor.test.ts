import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../tools/paths.ts";
import { runProgram } from "../support/monitor.ts";

const PROGRAM = {
  folder: join(projectRoot, "test", "fixtures", "engine", "program"),
  project: "engine-fixture",
  stack: "test",
};

test("the recording engine sees type, name, parent, inputs and protection of every resource", async () => {
  const run = await runProgram({ ...PROGRAM, config: { "engine-fixture:protect": "true" } });
  expect(run.exitCode).toBe(0);
  expect(run.registrations.at(-1)).toEqual({
    urn: "urn:pulumi:test::engine-fixture::fixture:index:Box$breakwater:index:SecretFiles::keys",
    type: "breakwater:index:SecretFiles",
    name: "keys",
    parent: "urn:pulumi:test::engine-fixture::fixture:index:Box::box",
    custom: true,
    inputs: { namespace: "default", name: "engine-fixture", files: { token: "token" } },
    dependencies: [],
    protect: true,
    version: "0.1.0",
  });
});

test("a failing program exits with the code that says its error has been reported", async () => {
  const run = await runProgram({ ...PROGRAM, config: { "engine-fixture:fail": "true" } });
  expect(run.exitCode).toBe(32);
  expect(run.logs.join("\n")).toContain("the program was told to fail");
});
