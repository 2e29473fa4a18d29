import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { engineVariables } from "../../cli/deploy/engine-variables.ts";
import { bringUp } from "../../cli/deploy/up.ts";
import { ensureEngine } from "../../tools/engine/index.ts";
import { environmentDir, projectRoot } from "../../tools/paths.ts";
import { silent } from "../../tools/progress.ts";
import { keyFolder } from "../../tools/secrets/index.ts";
import { type Deployed, deployed } from "../support/cluster.ts";

const run = promisify(execFile);
const options = { cwd: projectRoot, maxBuffer: 64 * 1024 * 1024 };

let at: Deployed;
let variables: Record<string, string>;

beforeAll(async () => {
  at = await deployed();
  const engine = await ensureEngine(silent);
  variables = engineVariables({
    environment: "local",
    topology: "local",
    engine,
    kubeconfig: at.cluster.kubeconfig,
  });
});

/** `pulumi` as a person types it after `eval "$(breakwater env local)"`. */
async function pulumi(...args: string[]): Promise<string> {
  const { stdout } = await run("pulumi", args, { ...options, env: { ...process.env, ...variables } });
  return stdout;
}

describe("a deployed environment", () => {
  test("a second up changes nothing", async () => {
    const { changes } = await bringUp(at.environment, silent);
    const changed = Object.entries(changes).filter(([operation, count]) => operation !== "same" && count > 0);
    expect(changed).toEqual([]);
  });

  test("a preview typed by hand expects no changes", async () => {
    const preview = JSON.parse(await pulumi("preview", "-s", "local", "--json")) as { changeSummary: object };
    expect(Object.keys(preview.changeSummary)).toEqual(["same"]);
  });

  test("the plan and the engine see the same resources", async () => {
    const { stdout } = await run(process.execPath, ["cli/bin.mjs", "plan", "local", "--json"], options);
    const plan = JSON.parse(stdout) as { resources: { urn: string }[] };
    const state = JSON.parse(await pulumi("stack", "export", "-s", "local")) as {
      deployment: { resources: { urn: string; type: string }[] };
    };
    const deployedUrns = state.deployment.resources
      .filter(({ type }) => type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:"))
      .map(({ urn }) => urn);
    expect(plan.resources.map(({ urn }) => urn).sort()).toEqual(deployedUrns.sort());
  });

  test("no secret is in the engine's state, in a plan or in a pod's environment", async () => {
    const { stdout: plan } = await run(process.execPath, ["cli/bin.mjs", "plan", "local", "--json"], options);
    const { items } = await at.core.listPodForAllNamespaces();
    const pods = JSON.stringify(items.map(({ spec }) => spec));
    const state = allText(environmentDir("local", "pulumi"));
    const secrets = secretValues();
    expect(secrets).toHaveLength(17);
    for (const { name, value } of secrets) {
      for (const [where, text] of Object.entries({ plan, pods, state })) {
        expect(text.includes(value), `${name} in ${where}`).toBe(false);
        expect(text.includes(Buffer.from(value).toString("base64").slice(0, 40)), `${name} in ${where}`).toBe(false);
      }
    }
  });
});

describe("the source's curl lines, as written", () => {
  const shell = (line: string) => {
    const keys = keyFolder("local");
    const env = { ...process.env, API_KEY: keys.read("tenant-marketing.key"), ADMIN_API_KEY: keys.read("admin.key") };
    return run("sh", ["-c", line], { env });
  };

  test("a tenant's memory search answers with an empty result", async () => {
    const { stdout } = await shell(
      `curl -sf -H 'X-Tenant-ID: marketing' -H "Authorization: Bearer $API_KEY" http://127.0.0.1:18789/api/memory/search?q=engineering-data`,
    );
    expect(JSON.parse(stdout)).toMatchObject({ results: [] });
  });

  test("an admin reads a tenant's audit log", async () => {
    const { stdout } = await shell(
      `curl -sf -H "Authorization: Bearer $ADMIN_API_KEY" 'http://127.0.0.1:18789/api/audit/logs?tenant=marketing&from=2026-03-01'`,
    );
    const { records } = JSON.parse(stdout) as { records: { tenant: string }[] };
    expect(records.length).toBeGreaterThan(0);
    expect([...new Set(records.map(({ tenant }) => tenant))]).toEqual(["marketing"]);
  });
});

/** The secret part of every secret file: a key's body, not the words around it. */
function secretValues(): { name: string; value: string }[] {
  const root = environmentDir("local", "secrets");
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => /(token|router-key|ssh-key|host-key|session-secret|password|signing-key-[a-z-]+)$/.test(file))
    .map((file) => {
      const lines = readFileSync(file, "utf8").trim().split("\n");
      // The first line of an OpenSSH key's body is the same in all of them; a PEM of Ed25519 has one line.
      return { name: file, value: lines[lines.length > 3 ? 2 : Math.min(1, lines.length - 1)] ?? "" };
    });
}

function allText(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
}
