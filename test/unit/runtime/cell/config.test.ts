import { readdirSync } from "node:fs";
import { join } from "node:path";
import { renderCellConfig } from "@breakwater/runtime/cell";
import { skillNames } from "@breakwater/runtime/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../../../tools/paths.ts";
import { at, cellArgs } from "./sample.ts";

describe("the configuration of a cell", () => {
  test("tells agents of the allowed skills only and disables every other one", () => {
    const config = renderCellConfig(cellArgs());
    expect(at(config, "agents.defaults.skills")).toEqual(["web-search", "social-media", "content-gen"]);
    expect(Object.keys(at(config, "skills.entries") as object).sort()).toEqual(
      skillNames.filter((name) => !["web-search", "social-media", "content-gen"].includes(name)).sort(),
    );
  });

  test("turns a star into the whole catalogue without what is blocked", () => {
    const config = renderCellConfig(cellArgs({ allowedSkills: ["*"], blockedSkills: ["code-runner"] }));
    expect(at(config, "agents.defaults.skills")).toEqual(skillNames.filter((name) => name !== "code-runner"));
    expect(at(config, "skills.entries")).toEqual({ "code-runner": { enabled: false } });
  });

  test("a tenant without skills gets an empty list, not OpenClaw's bundled skills", () => {
    const config = renderCellConfig(cellArgs({ allowedSkills: [], blockedSkills: [] }));
    expect(at(config, "agents.defaults.skills")).toEqual([]);
  });

  test("runs every agent in the tenant's own sandbox, whose host key must be known", () => {
    const config = renderCellConfig(cellArgs());
    expect(at(config, "agents.defaults.sandbox.mode")).toBe("all");
    expect(at(config, "agents.defaults.sandbox.backend")).toBe("ssh");
    expect(at(config, "agents.defaults.sandbox.workspaceAccess")).toBe("none");
    expect(at(config, "agents.defaults.sandbox.ssh.target")).toBe(
      "node@sandbox.tenant-marketing.svc.cluster.local:2222",
    );
    expect(at(config, "agents.defaults.sandbox.ssh.strictHostKeyChecking")).toBe(true);
    expect(at(config, "agents.defaults.sandbox.ssh.updateHostKeys")).toBe(false);
  });

  test("trusts no proxy, so a forwarded header never stands for a caller", () => {
    const gateway = at(renderCellConfig(cellArgs()), "gateway") as object;
    expect(Object.keys(gateway)).not.toContain("trustedProxies");
    expect(at(gateway, "auth.mode")).toBe("token");
  });

  test("loads the guard with the tenant's blocked commands, and memory, whatever else is asked for", () => {
    const config = renderCellConfig(cellArgs({ requiredPlugins: [] }));
    expect(at(config, "plugins.allow")).toEqual(["cell-guard", "memory-core"]);
    expect(at(config, "plugins.entries.cell-guard.config.blockedCommands")).toEqual(["rm -rf /", "dd"]);
    expect(at(config, "plugins.entries.cell-guard.config.skills")).toEqual(at(config, "agents.defaults.skills"));
    expect(at(config, "plugins.entries.cell-guard.hooks")).toEqual({ allowConversationAccess: true });
  });

  test("never spends tokens by itself", () => {
    const config = renderCellConfig(cellArgs());
    expect(at(config, "agents.defaults.heartbeat.every")).toBe("0m");
    expect(at(config, "plugins.entries.memory-core.config.dreaming.enabled")).toBe(false);
    expect(at(config, "models.catalogRefresh.enabled")).toBe(false);
  });

  test("offers no tool that is denied", () => {
    const tools = at(renderCellConfig(cellArgs()), "tools") as { allow: string[]; deny: string[] };
    expect(tools.allow.filter((name) => tools.deny.includes(name))).toEqual([]);
    expect(tools.allow).toContain("memory_write");
  });

  test("keeps conversations as long as the tenant's retention says", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3650 }), (retentionDays) => {
        const config = renderCellConfig(cellArgs({ retentionDays }));
        expect(at(config, "session.maintenance.pruneAfter")).toBe(`${retentionDays}d`);
      }),
    );
  });

  test("names secrets by path and holds none", () => {
    const providers = at(renderCellConfig(cellArgs()), "secrets.providers");
    expect(providers).toEqual({
      "gateway-token": { source: "file", path: "/run/secrets/cell/gateway-token", mode: "singleValue" },
      "router-key": { source: "file", path: "/run/secrets/cell/router-key", mode: "singleValue" },
    });
  });
});

test("every skill of the catalogue lies in the image, and nothing else", () => {
  expect(readdirSync(join(projectRoot, "runtime/cell/skills")).sort()).toEqual([...skillNames].sort());
});
