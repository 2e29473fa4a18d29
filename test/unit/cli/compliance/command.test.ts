import { afterAll, expect, test, vi } from "vitest";
import { FRAMEWORKS } from "../../../../policies/catalogue.ts";
import { BareMachine } from "../../../support/breakwater.ts";

// Each test starts a real process that plans an environment.
vi.setConfig({ testTimeout: 120_000 });

const machine = new BareMachine();
afterAll(() => machine.remove());

test("an unknown framework is refused with those that there are", async () => {
  const { code, stderr } = await machine.run("compliance", "local", "--framework", "hipaa");
  expect(code).toBe(1);
  expect(stderr).toContain('[compliance/unknown-framework] --framework: got "hipaa"');
  for (const framework of Object.keys(FRAMEWORKS)) expect(stderr).toContain(framework);
});

test("an unknown language is a wrong command line", async () => {
  const { code } = await machine.run("compliance", "local", "--framework", "gdpr", "--lang", "tlh");
  expect(code).toBe(2);
});

test("the report of a shipped environment: strict fails exactly when a rule is violated", async () => {
  const args = ["compliance", "local", "--framework", "pss"];
  const [json, strict] = await Promise.all([
    machine.run(...args, "--format", "json"),
    machine.run(...args, "--lang", "ko", "--format", "html", "--strict"),
  ]);
  const report = JSON.parse(json.stdout) as { rules: { standing: string }[] };
  const violated = report.rules.some(({ standing }) => standing === "violated");
  expect([json.code, strict.code]).toEqual([0, violated ? 1 : 0]);
  expect(strict.stdout).toMatch(/^<!doctype html>\n<html lang="ko">/);
  expect(machine.leftovers()).toEqual([]);
});
