import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ENFORCERS, ledger, parseSettings, stateOf } from "@breakwater/runtime/settings";
import { describe, expect, test } from "vitest";
import { fileSchema } from "../../../../runtime/settings/schema.ts";
import { frontDoor } from "../../../../runtime/settings/sections/front-door.ts";
import { formatPattern, leavesOf } from "../../../../runtime/settings/walk.ts";
import { projectRoot } from "../../../../tools/paths.ts";
import { localRaw, localWith, placeholder } from "./sample.ts";

describe("the enforcer ledger", () => {
  test("knows every leaf of the schema", () => {
    const undeclared = leavesOf(fileSchema).filter(({ facts }) => facts === undefined);
    expect(undeclared.map(({ pattern }) => formatPattern(pattern))).toEqual([]);
  });

  test("notices a leaf that declares nothing", () => {
    // The list of its keys is a schema for which nobody declared anything.
    const copy = frontDoor.extend({ port: frontDoor.keyof() });
    const undeclared = leavesOf(fileSchema.extend({ front_door: copy })).filter(({ facts }) => facts === undefined);
    expect(undeclared.map(({ pattern }) => formatPattern(pattern))).toEqual(["front_door.port"]);
  });

  test("has one row for each leaf, with a sentence", () => {
    const rows = ledger();
    expect(new Set(rows.map(({ path }) => path)).size).toBe(rows.length);
    expect(rows.filter(({ says }) => !/^\S.*\.$/.test(says)).map(({ path }) => path)).toEqual([]);
  });

  test("has a reason for whatever is not enforced", () => {
    const reasons = ledger().flatMap(({ path, enforcer }) =>
      "notYet" in enforcer ? [{ path, reason: enforcer.notYet }] : [],
    );
    expect(reasons.filter(({ reason }) => reason.length < 10)).toEqual([]);
  });

  test("says of single sign-on that nothing enforces it yet, and of blocked commands that they can be got past", () => {
    const states = new Map(ledger().map(({ path, enforcer }) => [path, stateOf(enforcer)]));
    expect(states.get("enterprise.sso.enabled")).toBe("not yet");
    expect(states.get("multi_tenant.tenants[].max_api_budget_monthly_usd")).toBe("enforced");
    expect(states.get("openshell.execution.blocked_commands")).toBe("partly");
    expect(states.get("openshell.execution.max_memory_mb")).toBe("enforced");
    expect(states.get("multi_tenant.tenants[].name")).toBe("label");
  });

  test("names only files that exist", () => {
    const places = Object.values(ENFORCERS).map(({ where }) => where);
    expect([...new Set(places)].filter((where) => !existsSync(join(projectRoot, where)))).toEqual([]);
  });

  test("names only attacks that exist", () => {
    const folder = join(projectRoot, "cli", "verify", "checks");
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    const attacks = Object.values(ENFORCERS).flatMap(({ attack }) => attack ?? []);
    const missing = attacks.filter((attack) =>
      attack.startsWith("verify: ")
        ? attack
            .slice("verify: ".length)
            .split(", ")
            .some((id) => !texts.some((text) => text.includes(`id: "${id}"`)))
        : !existsSync(join(projectRoot, attack)),
    );
    expect(missing).toEqual([]);
  });

  test("with settings has a row for every value that they hold", () => {
    const { settings } = parseSettings(localRaw());
    const rows = new Map(ledger(settings).map(({ path, value }) => [path, value]));
    expect(rows.get("multi_tenant.tenants[2].id")).toBe("customer-service");
    expect(rows.get("model_providers.openai.kind")).toBe("echo");
    expect(rows.get("front_door.max_body_bytes")).toBe(1_048_576);
    expect(rows.has("channels.wecom.secret")).toBe(false);
  });

  test("with settings leaves no value out", () => {
    const raw = localWith("model_providers.p-1", {
      kind: "openai-compatible",
      base_url: "https://a.b",
      api_key: placeholder("A"),
      jurisdiction: "eu",
      internal: false,
    });
    const { settings } = parseSettings(raw);
    const shown = ledger(settings).map(({ path }) => path);
    const missing = scalars(settings, "").filter((path) => !shown.some((prefix) => path.startsWith(prefix)));
    expect(missing).toEqual([]);
  });
});

function scalars(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => scalars(item, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) => scalars(item, path === "" ? key : `${path}.${key}`));
}
