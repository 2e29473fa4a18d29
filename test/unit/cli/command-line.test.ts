import { spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { environmentNames } from "../../../cli/environment.ts";
import { BareMachine, ended } from "../../support/breakwater.ts";

// Each test starts real processes; on a busy machine one takes seconds.
vi.setConfig({ testTimeout: 120_000 });

const machine = new BareMachine();
afterAll(() => machine.remove());

const SOURCE = join("test", "fixtures", "settings", "source");
const sourceFiles = readdirSync(SOURCE).map((name) => join(SOURCE, name));

/** Names of the environments that this checkout has, as a refusal lists them. */
const ENVIRONMENTS = environmentNames().join(", ");

const COMMANDS = [
  ["plan"],
  ["cost"],
  ["up"],
  ["down"],
  ["dev"],
  ["status"],
  ["verify"],
  ["check"],
  ["settings"],
  ["settings", "check"],
  ["keys"],
  ["keys", "create"],
  ["keys", "list"],
  ["keys", "rotate"],
  ["keys", "revoke"],
  ["agents"],
  ["agents", "list"],
  ["agents", "create"],
  ["agents", "update"],
  ["agents", "delete"],
  ["audit"],
  ["audit", "verify"],
  ["audit", "export"],
  ["enforcers"],
  ["compliance"],
  ["evidence"],
  ["evidence", "make"],
  ["evidence", "verify"],
  ["assess"],
  ["whitepaper"],
  ["cluster"],
  ["cluster", "up"],
  ["cluster", "down"],
  ["cluster", "status"],
  ["images"],
  ["bundle"],
  ["env"],
  ["completion"],
];

test("an unknown command is a wrong command line: 2, with the nearest command", async () => {
  const { code, stdout, stderr } = await machine.run("plam", "local");
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("error: unknown command 'plam'");
  expect(stderr).toContain("(Did you mean plan?)");
});

test("a missing argument and an unknown option are a wrong command line: 2", async () => {
  const [missing, unknown] = await Promise.all([machine.run("plan"), machine.run("plan", "local", "--fast")]);
  expect([missing.code, missing.stderr]).toEqual([
    2,
    expect.stringContaining("missing required argument 'environment'"),
  ]);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("unknown option '--fast'")]);
});

test.each(["plan", "up", "down", "status", "verify", "enforcers", "env"])(
  "%s of an unknown environment is refused with the ones that there are, before anything is done",
  async (command) => {
    const { code, stdout, stderr } = await machine.run(command, "nowhere", "-q");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      `[environment/unknown] environment: got "nowhere"; expected ${ENVIRONMENTS}; name one of these, or write stacks/Pulumi.<name>.yaml\n`,
    );
    expect(machine.leftovers()).toEqual([]);
  },
);

test("an environment name that is a path is refused like any unknown one", async () => {
  const { code, stderr } = await machine.run("plan", "../stacks/Pulumi.local");
  expect([code, stderr]).toEqual([1, expect.stringContaining("[environment/unknown]")]);
});

test("with --json a refusal is JSON on standard output and nothing is on standard error", async () => {
  const { code, stdout, stderr } = await machine.run("plan", "nowhere", "--json");
  expect([code, stderr]).toEqual([1, ""]);
  expect(JSON.parse(stdout)).toEqual({
    ok: false,
    problems: [
      {
        code: "environment/unknown",
        path: "environment",
        got: '"nowhere"',
        expected: ENVIRONMENTS,
        remedy: "name one of these, or write stacks/Pulumi.<name>.yaml",
      },
    ],
  });
});

test("plan needs nothing but node and the packages, and leaves nothing behind", async () => {
  const { code, stdout, stderr } = await machine.run("plan", "local", "--json");
  expect([code, stderr]).toEqual([0, ""]);
  const plan = JSON.parse(stdout) as { resources: { type: string; name: string; custom: boolean }[] };
  expect(plan).toMatchObject({ environment: "local", architecture: "A", topology: "local", corrections: [] });
  const components = plan.resources.filter(({ custom }) => !custom).map(({ type, name }) => `${name} ${type}`);
  expect(components).toContain("engineering breakwater:agents:Tenant");
  expect(components).toHaveLength(16);
  expect(plan.resources.length - components.length).toBe(66);
  expect(machine.leftovers()).toEqual([]);
});

test("plan for people ends with the counts and says what is a stand-in and what nothing enforces yet", async () => {
  const { code, stdout } = await machine.run("plan", "local");
  expect(code).toBe(0);
  expect(stdout).toContain("local: architecture A on local\n");
  expect(stdout).toContain("      + StatefulSet tenant-engineering/cell\n");
  expect(stdout).toContain("answers come from the echo model, a stand-in, for: anthropic, openai\n");
  expect(stdout).toMatch(/\n66 resources in 16 components\. Nothing was built or changed\.\n$/);
});

test("settings check takes the source's files, each alone and all together, and prints what it corrects", async () => {
  const all = await machine.run("settings", "check", ...sourceFiles);
  expect([all.code, all.stderr]).toEqual([0, ""]);
  expect(all.stdout).toMatch(/corrected .* -> .* \(.*\)\n/);
  expect(all.stdout).toMatch(/\nno problems\n$/);
  expect(sourceFiles).toHaveLength(5);
  for (const file of sourceFiles) {
    const { code, stderr } = await machine.run("settings", "check", file, "--json");
    expect([file, code, stderr]).toEqual([file, 0, ""]);
  }
});

test("settings check reports every problem of a file at once: 1", async () => {
  const file = join(machine.root, "bad.json");
  const tenant = {
    ...{ id: "Bad Id", name: "a", max_agents: 1, max_api_budget_monthly_usd: -5, allowed_skills: ["flying"] },
    ...{ data_retention_days: 30, llm_config: { provider: "openai", model: "m" } },
  };
  const multi_tenant = { enabled: true, isolation_level: "strict", tenants: [tenant], extra: 1 };
  writeFileSync(file, JSON.stringify({ multi_tenant }));
  const { code, stdout, stderr } = await machine.run("settings", "check", file);
  expect([code, stdout]).toEqual([1, ""]);
  const found = stderr
    .trimEnd()
    .split("\n")
    .map((line) => line.slice(0, line.indexOf(":")));
  expect(found.sort()).toEqual([
    "[settings/negative-budget] multi_tenant.tenants[0].max_api_budget_monthly_usd",
    "[settings/not-dns-label] multi_tenant.tenants[0].id",
    "[settings/unknown-key] multi_tenant.extra",
    "[settings/unknown-skill] multi_tenant.tenants[0].allowed_skills[0]",
  ]);
});

test("settings check of a file that is not there says so in one line, without a stack", async () => {
  const { code, stdout, stderr } = await machine.run("settings", "check", "no/such/file.json");
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toBe(
    "[settings/unreadable] no/such/file.json: got ENOENT; expected a file that can be read; correct the name\n",
  );
});

test("enforcers lists every setting of the environment with what enforces it", async () => {
  const { code, stdout } = await machine.run("enforcers", "local", "--json");
  expect(code).toBe(0);
  const rows = JSON.parse(stdout) as { path: string; enforcer: object }[];
  expect(rows.length).toBeGreaterThan(100);
  for (const { path, enforcer } of rows) expect([path, Object.keys(enforcer).length > 0]).toEqual([path, true]);
  expect(rows.map(({ path }) => path)).toContain("multi_tenant.tenants[1].id");
});

test("verify lists its checks without a cluster", async () => {
  const { code, stdout } = await machine.run("verify", "local", "--list", "--json");
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as { id: string }[]).map(({ id }) => id)).toEqual([
    "chat/answers",
    "memory/isolated",
    "tenancy/header",
    "sandbox/own-kernel",
    "sandbox/time-is-up",
    "sandbox/reaches-nothing",
    "tenant/pods-admitted",
    "cell/reaches-only-its-own",
    "database/walled",
    "transport/encrypted",
    "screening/redacts",
  ]);
});

test("verify of an unknown check is refused with those that there are, in one line: 1", async () => {
  const { code, stdout, stderr } = await machine.run("verify", "local", "--only", "chat/answers", "no/such");
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(
    /^\[verify\/unknown-check\] --only: got no\/such; expected chat\/answers, .*; name one of these\n$/,
  );
});

test("verify has not passed where nothing stands: 1", async () => {
  const { code, stdout, stderr } = await machine.run("verify", "local", "-q");
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^\[cluster\/not-running\] local: /);
});

test("--help of every command works without a network and shows how it is used", async () => {
  const root = await machine.run("--help");
  expect([root.code, root.stderr]).toEqual([0, ""]);
  const listed = [...root.stdout.matchAll(/^ {2}([a-z]+)(?: \[| <|\s{2,})/gm)].map(([, name]) => name);
  const known = [...new Set(COMMANDS.map(([name]) => name))];
  expect(listed.filter((name) => name !== "breakwater" && name !== "help")).toEqual(known);
  for (const command of COMMANDS) {
    const { code, stdout, stderr } = await machine.run(...command, "--help");
    expect([command, code, stderr]).toEqual([command, 0, ""]);
    expect(stdout).toContain(`Usage: breakwater ${command.join(" ")} `);
  }
});

test("completion for bash is valid and completes commands, their parts and environments", async () => {
  const { code, stdout: script } = await machine.run("completion", "bash");
  expect(code).toBe(0);
  const checked = await ended(spawn("bash", ["-n", "-c", script]));
  expect([checked.code, checked.stderr]).toEqual([0, ""]);
  const complete = async (...words: readonly string[]) => {
    const list = ["breakwater", ...words].map((word) => `'${word}'`).join(" ");
    const asked = `${script}\nCOMP_WORDS=(${list}); COMP_CWORD=${words.length}; _breakwater; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return (await ended(spawn("bash", ["-c", asked]))).stdout.trim().split("\n");
  };
  expect(await complete("ver")).toEqual(["verify"]);
  expect(await complete("c")).toEqual(["cost", "check", "compliance", "cluster", "completion"]);
  expect(await complete("plan", "l")).toEqual(["local"]);
  expect(await complete("cluster", "st")).toEqual(["status"]);
  expect(await complete("down", "--k")).toEqual(["--keep-data"]);
});

test("completion for a shell that there is none for is a wrong command line: 2", async () => {
  const { code, stdout, stderr } = await machine.run("completion", "fish");
  expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining("no completion for fish")]);
});
