import { afterAll, beforeAll, expect, test } from "vitest";
import type { Bundle } from "../../../../cli/bundle/bundle.ts";
import { BareMachine } from "../../../support/breakwater.ts";

let machine: BareMachine;

beforeAll(() => {
  machine = new BareMachine();
});

afterAll(() => machine.remove());

test("the list needs no network, no account and no built image, and leaves nothing behind", async () => {
  const { code, stdout, stderr } = await machine.run("bundle", "local", "--list", "--json");
  expect([code, stderr]).toEqual([0, ""]);
  const { environment, images } = JSON.parse(stdout) as Bundle;
  expect(environment).toBe("local");
  expect(images).toContainEqual({ reference: "runtime/cell", state: "not built yet" });
  expect(machine.leftovers()).toEqual([]);
}, 60_000);

test("without --list the command line is wrong: 2, and it says what is missing", async () => {
  const { code, stdout, stderr } = await machine.run("bundle", "local");
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("required option '--list' not specified");
}, 60_000);

test("an environment that there is not is refused: 1", async () => {
  const { code, stderr } = await machine.run("bundle", "nowhere", "--list");
  expect(code).toBe(1);
  expect(stderr).toContain('[environment/unknown] environment: got "nowhere"');
}, 60_000);

test("help and completion know it", async () => {
  const help = await machine.run("bundle", "--help");
  expect([help.code, help.stdout]).toEqual([0, expect.stringContaining("--list")]);
  const { stdout: script } = await machine.run("completion", "bash");
  expect(script).toMatch(/bundle\) words="[^"]*--list/);
}, 60_000);
