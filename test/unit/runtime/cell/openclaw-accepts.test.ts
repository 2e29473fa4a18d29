import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CellConfigArgs, renderCellConfig } from "@breakwater/runtime/cell";
import { afterAll, expect, test } from "vitest";
import { type CellAgent, mergeAgents, parseBaseConfig } from "../../../../runtime/cell/agents.ts";
import { bundleGuard } from "../../../../tools/images/bundle.ts";
import { imageNode, packagesFolder } from "../../../../tools/images/npm-packages.ts";
import { projectRoot } from "../../../../tools/paths.ts";
import { cellArgs } from "./sample.ts";

const openclaw = join(packagesFolder("cell"), "node_modules", "openclaw", "openclaw.mjs");
const present = existsSync(openclaw) && existsSync(imageNode());
if (!present) console.warn("skipped: OpenClaw is not in the cache; `npx breakwater images` brings it");

const folder = mkdtempSync(join(tmpdir(), "breakwater-cell-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the real OpenClaw of the cell image says of a configuration. */
function validate(config: object): { readonly valid: boolean; readonly says: string } {
  const guard = join(folder, "plugins", "cell-guard");
  mkdirSync(guard, { recursive: true, mode: 0o755 });
  for (const file of ["package.json", "openclaw.plugin.json"]) {
    execFileSync("cp", [join(projectRoot, "runtime/cell/plugins/cell-guard", file), guard]);
  }
  writeFileSync(join(guard, "index.mjs"), bundleGuard());
  const path = join(folder, "openclaw.json");
  const text = JSON.stringify(config).replaceAll("/opt/breakwater/plugins", join(folder, "plugins"));
  writeFileSync(path, text);
  const env = { PATH: "/usr/bin:/bin", HOME: folder, OPENCLAW_STATE_DIR: folder, OPENCLAW_CONFIG_PATH: path };
  try {
    const says = execFileSync(imageNode(), [openclaw, "config", "validate"], { env, stdio: "pipe" }).toString();
    return { valid: true, says };
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: Buffer; readonly stderr: Buffer };
    return { valid: false, says: `${stdout}${stderr}` };
  }
}

const tenants: Readonly<Record<string, Partial<CellConfigArgs>>> = {
  "with a list of skills": {},
  "with every skill": { allowedSkills: ["*"], blockedSkills: [] },
  "with no skill and nothing blocked": { allowedSkills: [], blockedSkills: [], blockedCommands: [] },
};

for (const [name, changes] of Object.entries(tenants)) {
  test.skipIf(!present)(`the real OpenClaw accepts the configuration of a tenant ${name}`, { timeout: 120_000 }, () => {
    expect(validate(renderCellConfig(cellArgs(changes)))).toMatchObject({ valid: true });
  });
}

const agents: readonly CellAgent[] = [
  { id: "default", name: "Chief", instructions: "Be brief.", skills: ["web-search"], generation: "00000000" },
  { id: "support", name: "지원 \u0000 😀", instructions: "", skills: null, generation: "0a1b2c3d" },
  { id: "7-eleven", name: "x".repeat(200), instructions: "", skills: [], generation: "ffffffff" },
];

for (const count of [0, 3]) {
  test.skipIf(!present)(`the real OpenClaw accepts ${count} agents of a tenant`, { timeout: 120_000 }, () => {
    const base = parseBaseConfig(renderCellConfig(cellArgs()));
    expect(validate(mergeAgents(base, agents.slice(0, count)).config)).toMatchObject({ valid: true });
  });
}

test.skipIf(!present)("the real OpenClaw refuses a key that it does not know", { timeout: 120_000 }, () => {
  const { valid, says } = validate({ ...renderCellConfig(cellArgs()), no_such_section: {} });
  expect(valid).toBe(false);
  expect(says).toContain("no_such_section");
});
