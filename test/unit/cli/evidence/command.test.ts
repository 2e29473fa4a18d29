import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { BareMachine } from "../../../support/breakwater.ts";

// Each test starts real processes; one of them plans an environment.
vi.setConfig({ testTimeout: 180_000 });

const machine = new BareMachine();
afterAll(() => machine.remove());

test("evidence of a shipped environment is made, verified, and a changed file of it named", async () => {
  const folder = join(machine.root, "evidence");
  const verifyReport = join(machine.root, "verify.json");
  writeFileSync(verifyReport, '{"passed":true,"checks":[{"id":"a","passed":true}]}');
  const made = await machine.run("evidence", "make", "acme-aws", "--out", folder, "--verify-report", verifyReport);
  expect([made.code, made.stderr]).toEqual([0, ""]);
  expect(readdirSync(folder).sort()).toEqual([
    "enforcers.json",
    "manifest.json",
    "manifest.sig.json",
    "plan.json",
    "policy-results.json",
    "public-key.pem",
    "settings.json",
    "verify-report.json",
    "versions.json",
  ]);
  const json = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Record<string, never>;
  expect(json("settings.json")["model_providers"]).toMatchObject({ openai: { api_key: "${OPENAI_API_KEY}" } });
  expect(json("policy-results.json")["rules"]).toHaveLength(135);
  const key = join(machine.root, "state/breakwater/environments/acme-aws/keys/evidence-signing-key");
  expect(statSync(key).mode & 0o777).toBe(0o600);

  expect(await machine.run("evidence", "verify", folder)).toMatchObject({ code: 0 });
  writeFileSync(join(folder, "plan.json"), readFileSync(join(folder, "plan.json"), "utf8").replace("acme", "acmf"));
  const { code, stdout } = await machine.run("evidence", "verify", folder, "--json");
  expect([code, JSON.parse(stdout)]).toMatchObject([1, { problems: [{ file: "plan.json", problem: "changed" }] }]);
});
