import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { engineEnvironment, prepareEnvironment, printEnvironment } from "../../../../tools/engine/environment.ts";
import { acceptsPulumi } from "../../../../tools/engine/version.ts";

const args = { environment: "local", engine: { binFolders: ["/a b", "/it's"] }, kubeconfig: "/kube config" };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "state it's-"));
  vi.stubEnv("XDG_STATE_HOME", folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("a shell that reads the printed lines has exactly the variables of our own runs", () => {
  const script = `${printEnvironment(args)}env -0`;
  const shell = execFileSync("sh", ["-c", script], { encoding: "utf8" });
  const variables = Object.fromEntries(
    shell.split("\0").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  expect(variables).toMatchObject(engineEnvironment(args));
});

test("a passphrase is made once, for its owner only", async () => {
  await prepareEnvironment("local");
  const file = engineEnvironment(args)["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "";
  const first = readFileSync(file, "utf8");
  await prepareEnvironment("local");
  expect(readFileSync(file, "utf8")).toBe(first);
  expect(first).toMatch(/^[\w-]{43}\n$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(engineEnvironment(args)["BREAKWATER_SECRETS"] ?? "").mode & 0o777).toBe(0o700);
});

test("only releases from the oldest one that was run, of the same major, are taken from PATH", () => {
  for (const version of ["v3.246.0", "3.246.1", "v3.300.0\n"]) expect(acceptsPulumi(version)).toBe(true);
  for (const version of ["v3.245.9", "v4.0.0", "v2.999.0", "v3.250.0-dev.1", "unknown", ""]) {
    expect(acceptsPulumi(version)).toBe(false);
  }
});
