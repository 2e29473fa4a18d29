import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProblemError } from "@breakwater/runtime/problems";
import { parseSettings, type Settings } from "@breakwater/runtime/settings";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Against } from "../../../../cli/cost/against.ts";
import { readAgainst } from "../../../../cli/cost/against-file.ts";
import { againstOf } from "../../../../cli/cost/chosen.ts";
import { deployedOrWhy } from "../../../../cli/cost/deployed.ts";
import { renderCost } from "../../../../cli/cost/render.ts";
import { reportOf } from "../../../../cli/cost/report.ts";
import { deployedOf } from "../../../../cli/cost/state.ts";
import { environmentNames } from "../../../../cli/environment.ts";
import { costSection } from "../../../../cli/plan/html/cost-part.ts";
import { moneyOf } from "../../../../cost/currency.ts";
import { bookOf, settingsOf } from "../../cost/fixture.ts";

/** What `pulumi stack export` 3.246.0 printed after a real update of test/fixtures/engine/deployed, without source positions. */
const EXPORTED = readFileSync(join("test", "fixtures", "cost", "exported-state.json"), "utf8");

interface State {
  version: number;
  deployment: {
    manifest: { time: string };
    resources: {
      urn: string;
      type: string;
      delete?: boolean;
      external?: boolean;
      pendingReplacement?: boolean;
      inputs?: Record<string, unknown>;
      outputs?: Record<string, unknown>;
    }[];
    pending_operations?: unknown[];
  };
}

const folder = mkdtempSync(join(tmpdir(), "breakwater-state-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The exported state after a change, as a file. */
function fileWith(change: (state: State) => void = () => {}): string {
  const state = JSON.parse(EXPORTED) as State;
  change(state);
  return write(JSON.stringify(state));
}

let files = 0;

function write(text: string): string {
  const file = join(folder, `${files++}.json`);
  writeFileSync(file, text);
  return file;
}

const named = (state: State, name: string) => {
  const found = state.deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`));
  if (found === undefined) throw new Error(`no ${name} in the exported state`);
  return found;
};

const settings = settingsOf("acme-aws");
const environment = { name: "acme-aws", settings };
const OPTIONS = { day: "2026-12-01", money: moneyOf("USD", []) };

/** A plan of nothing, beside what a state says is there: everything is removed. */
const besideNothing = (against: Against) => reportOf(environment, [], { ...OPTIONS, against });
const gone = (file: string) => besideNothing(readAgainst(file)).comparison?.removed.map(({ resource }) => resource);

/** The address, and tokens of every tenant, are in each of the estimates. */
const tokens = settings.multi_tenant.tenants.map(({ id }) => id);

describe("an exported state", () => {
  test("is known by its content, and priced by the inputs of what is there", () => {
    expect(readAgainst(fileWith())).toMatchObject({ kind: "state", environment: "test", pendingOperations: 0 });
    expect(gone(fileWith())).toEqual(["a", "b", "open"]);
  });

  test("is the same as a backend keeps it", () => {
    const { version, deployment } = JSON.parse(EXPORTED) as State;
    const kept = write(
      JSON.stringify({ version, checkpoint: { stack: "organization/breakwater/test", latest: deployment } }),
    );
    expect(readAgainst(kept)).toEqual(readAgainst(fileWith()));
  });

  test.each(["delete", "external", "pendingReplacement"] as const)("does not cost what is %s", (mark) => {
    expect(gone(fileWith((state) => Object.assign(named(state, "a"), { [mark]: true })))).toEqual(["b", "open"]);
  });

  test("makes a secret that a price needs a line without a price, and shows nothing of it", () => {
    const against = readAgainst(fileWith());
    const report = besideNothing(against);
    expect(report.comparison?.unpriced).toContainEqual({
      ...{ what: "PersistentVolumeClaim", reason: "its spec.storageClassName is a secret", before: 1, after: 0 },
    });
    const ciphertexts = [...EXPORTED.matchAll(/"ciphertext": "([^"]+)"/g)].map(([, text]) => text ?? "");
    expect(ciphertexts.length).toBeGreaterThan(1);
    for (const shown of [
      JSON.stringify(against),
      JSON.stringify(report),
      renderCost(report),
      String(costSection(report)),
    ]) {
      for (const ciphertext of ciphertexts) expect(shown).not.toContain(ciphertext);
    }
  });

  test("is set beside the plan in text and on the page, thing by thing", () => {
    const report = besideNothing(readAgainst(fileWith()));
    expect(renderCost(report)).toMatch(
      /Against the exported state of test: -[\d.]+ USD a month, from [\d,.]+ to [\d,.]+, and what has no price\ndiffers too\.\n +before +after +difference\n- security {2}encryption keys \(removed\) +2\.00 +0\.00 +-2\.00\n- storage {2}volumes \(removed\) /,
    );
    const page = String(costSection(report));
    expect(page).toMatch(/encryption keys<\/th><td[^>]*>security<\/td><td[^>]*>removed<\/td>/);
    expect(page).toContain("unpriced: public IPv4 addresses: 1 before, 0 after");
  });

  test("never shows a secret that was exported in the clear, however deep it is", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("list", "object"), { maxLength: 50 }), (nesting) => {
        const secret = {
          "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
          plaintext: '"hunter-2"',
        };
        const value = nesting.reduce<unknown>(
          (inside, kind) => (kind === "list" ? [1, inside] : { a: inside }),
          secret,
        );
        const state = JSON.parse(EXPORTED) as State;
        named(state, "a").inputs = { description: value, tags: { owner: "open" } };
        const [key] = deployedOf(state, "state").resources.filter(({ name }) => name === "a");
        expect(key?.inputs).toEqual({ description: { __pulumiSecret: true }, tags: { owner: "open" } });
      }),
    );
  });

  test("is priced with the settings that were deployed, at the rates of today", () => {
    const budgets = (usd: number) =>
      fileWith((state) => {
        const deployed = named(state, "environment").outputs?.["settings"] as {
          multi_tenant: { tenants: { max_api_budget_monthly_usd: number }[] };
          cost: object;
        };
        deployed.cost = { ...deployed.cost, rates: { CNY: 1 } };
        for (const tenant of deployed.multi_tenant.tenants) tenant.max_api_budget_monthly_usd = usd;
      });
    const report = besideNothing(readAgainst(budgets(9000)));
    expect(report.comparison?.changed.map(({ resource, before }) => [resource, before.high])).toEqual(
      tokens.map((id) => [id, 9_000_000_000]),
    );
    expect(report.estimate.tenants.map(({ id }) => id)).toEqual(tokens);
  });

  test("takes no rate of exchange from then, so that a difference is none of rates", () => {
    const file = fileWith((state) => {
      const deployed = named(state, "environment").outputs?.["settings"] as { cost: object };
      deployed.cost = { ...deployed.cost, rates: { CNY: 7 } };
    });
    const book = bookOf([["aws", "ap-northeast-2", "kms.cmk", "security", "key-month", 7, "CNY", "high", OPTIONS.day]]);
    const { comparison } = reportOf(environment, [], { ...OPTIONS, book, against: readAgainst(file) });
    expect(comparison?.unpriced.find(({ what }) => what === "encryption keys")).toMatchObject({ before: 2, after: 0 });
  });

  test("says how many operations of it have no end", () => {
    const file = fileWith((state) => Object.assign(state.deployment, { pending_operations: [{ type: "creating" }] }));
    expect(readAgainst(file)).toMatchObject({ pendingOperations: 1 });
    expect(renderCost(besideNothing(readAgainst(file))).replaceAll("\n", " ")).toContain(
      "the state has 1 operation that a run left without an end, so that more or less may be there.",
    );
  });

  test("prints nothing that moves a reader's cursor", () => {
    const file = fileWith((state) => Object.assign(named(state, "a"), { type: "evil:\u001b[2J:Thing" }));
    expect(renderCost(besideNothing(readAgainst(file)))).not.toContain("\u001b");
  });

  test.each<readonly [string, (state: State) => void, string]>([
    ["of an older version", (state) => Object.assign(state, { version: 2 }), "[cost/state-version]"],
    ["of a version to come", (state) => Object.assign(state, { version: 5 }), "[cost/state-version]"],
    ["without a version", (state) => Object.assign(state, { version: undefined }), "[cost/state-version]"],
    [
      "of another project",
      (state) => Object.assign(named(state, "a"), { urn: "urn:pulumi:test::shop::aws:kms/key:Key::a" }),
      '[cost/other-project] state: got a state of the project "shop"',
    ],
    ["with a URN that is none", (state) => Object.assign(named(state, "a"), { urn: "a" }), "[cost/not-a-state]"],
    ["whose resources are none", (state) => Object.assign(state.deployment, { resources: 7 }), "[cost/not-a-state]"],
    ["that is no object", (state) => Object.assign(state, { deployment: "a" }), "[cost/not-a-state]"],
    ["of nothing", (state) => Object.assign(state.deployment, { resources: [] }), "[cost/state-empty]"],
    [
      "of a stack and nothing in it",
      ({ deployment }) => Object.assign(deployment, { resources: deployment.resources.slice(0, 1) }),
      "[cost/state-empty]",
    ],
    [
      "that does not say its settings",
      (state) => Object.assign(named(state, "environment"), { outputs: {} }),
      "[cost/state-settings] state: got a state that does not say with which settings it was deployed",
    ],
    [
      "with settings of another checkout",
      (state) => Object.assign(named(state, "environment").outputs?.["settings"] as object, { voice: {} }),
      "[cost/state-settings] state: got settings that this checkout does not accept: settings/unknown",
    ],
  ])("%s is refused by name", (_, change, words) => {
    const state = JSON.parse(EXPORTED) as State;
    change(state);
    expect(() => deployedOf(JSON.parse(JSON.stringify(state)), "state")).toThrow(ProblemError);
    expect(() => deployedOf(JSON.parse(JSON.stringify(state)), "state")).toThrow(words);
  });

  test("is refused or read, whatever is in it, and never breaks what reads it", () => {
    const outcome = (content: unknown) => {
      try {
        return besideNothing({ kind: "state", ...deployedOf(content, "state") }).environment;
      } catch (error) {
        if (error instanceof ProblemError) return "refused";
        throw error;
      }
    };
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(20), fc.jsonValue(), (part, index, inputs) => {
        expect(outcome({ version: 3, deployment: part })).toBe("refused");
        const state = JSON.parse(EXPORTED) as State;
        const { resources } = state.deployment;
        Object.assign(resources[index % resources.length] ?? {}, { inputs });
        expect(["acme-aws", "refused"]).toContain(outcome(state));
      }),
    );
  });
});

test.each(environmentNames())("settings of %s are read from a state as they were written into it", (name) => {
  const written: Settings = settingsOf(name);
  expect(parseSettings(JSON.parse(JSON.stringify(written))).settings).toEqual(written);
});

describe("the state on this machine", () => {
  const home = join(folder, "home");
  const stacks = join(home, "breakwater", "environments", "acme-aws", "pulumi", ".pulumi", "stacks", "breakwater");
  const keep = (text: string) => {
    mkdirSync(stacks, { recursive: true });
    writeFileSync(join(stacks, "acme-aws.json"), text);
  };

  beforeEach(() => vi.stubEnv("XDG_STATE_HOME", home));
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });

  test("is compared with unasked", async () => {
    keep(EXPORTED);
    const against = await againstOf(undefined, "acme-aws");
    expect(besideNothing(against).against).toEqual({
      kind: "deployed",
      says: "what is deployed",
      pendingOperations: 0,
    });
    expect(await againstOf("deployed", "acme-aws")).toEqual(against);
  });

  test("that is not there is said in one line, and refused where it is asked for", async () => {
    const against = await againstOf(undefined, "acme-aws");
    expect(against).toEqual({ kind: "nothing", says: "no state of acme-aws is on this machine" });
    expect(renderCost(besideNothing(against))).toContain(
      "\nNot compared with what is deployed: no state of acme-aws is on this machine.\n",
    );
    await expect(againstOf("deployed", "acme-aws")).rejects.toThrow("[cost/not-deployed] state of acme-aws: got none");
  });

  test("of an environment that was taken away is nothing", async () => {
    keep(JSON.stringify({ version: 3, checkpoint: { stack: "organization/breakwater/acme-aws", latest: null } }));
    expect(await deployedOrWhy("acme-aws")).toEqual({
      ...{ kind: "nothing", says: "the state of acme-aws has no resources" },
    });
    await expect(againstOf("deployed", "acme-aws")).rejects.toThrow("[cost/state-empty]");
  });

  test.each([
    ["is cut off", EXPORTED.slice(0, 1000), "cost/state-unreadable"],
    ["is of another version", EXPORTED.replace('"version": 3', '"version": 9'), "cost/state-version"],
  ])("that %s is no reason to refuse a plan, and says why nothing is compared", async (_, text, code) => {
    keep(text);
    const against = await deployedOrWhy("acme-aws");
    expect(against).toMatchObject({ kind: "unreadable", says: expect.stringContaining(`[${code}]`) });
    expect(besideNothing(against).comparison).toBeUndefined();
    await expect(againstOf("deployed", "acme-aws")).rejects.toThrow(`[${code}]`);
  });
});
