import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { projectRoot } from "../../../../tools/paths.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "breakwater-start-"));
  mkdirSync(join(folder, "run"));
  mkdirSync(join(folder, "state"));
  writeFileSync(join(folder, "node"), `#!/bin/sh\nprintf '%s ' "$@" >'${folder}/started'\n`, { mode: 0o755 });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the script with a stand-in for OpenClaw. */
function start(waitSeconds = "0"): Promise<{ readonly code: number; readonly says: string }> {
  const env = {
    PATH: "/usr/bin:/bin",
    OPENCLAW_CONFIG_PATH: join(folder, "run/openclaw.json"),
    OPENCLAW_STATE_DIR: join(folder, "state"),
    CONFIG_WAIT_SECONDS: waitSeconds,
    NODE: join(folder, "node"),
  };
  return new Promise((resolve) => {
    execFile("sh", [join(projectRoot, "runtime/cell/start-cell")], { env }, (error, _, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, says: stderr });
    });
  });
}

test("OpenClaw does not start without its configuration, and the log says why", async () => {
  const { code, says } = await start();
  expect(code).toBe(1);
  expect(says).toContain("expected the cell agent to write it");
  expect(existsSync(join(folder, "started"))).toBe(false);
});

test("OpenClaw starts as soon as its configuration is there", async () => {
  const started = start("9");
  setTimeout(() => writeFileSync(join(folder, "run/openclaw.json"), "{}"), 300);
  expect((await started).code).toBe(0);
  expect(existsSync(join(folder, "started"))).toBe(true);
});

test("data of deleted agents is gone before OpenClaw starts, and no other", async () => {
  const names = [
    "agents/a/agent",
    "workspace-a-0123abcd",
    "agents/a-b/agent",
    "workspace-a-b-0123abcd",
    "agents/main/agent",
    "workspace",
  ];
  for (const name of names) mkdirSync(join(folder, "state", name), { recursive: true });
  writeFileSync(join(folder, "run/openclaw.json"), "{}");
  writeFileSync(join(folder, "run/erase-agents"), "a\n\nmain\n../state\n*\n.\n");
  expect((await start()).code).toBe(0);
  const left = names.filter((name) => existsSync(join(folder, "state", name)));
  expect(left).toEqual(["agents/a-b/agent", "workspace-a-b-0123abcd", "agents/main/agent", "workspace"]);
});
