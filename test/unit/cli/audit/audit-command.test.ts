import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { AuditLog } from "../../../../runtime/audit/index.ts";
import { auditEntry, auditFolder, checkpointKeys } from "../../../support/audit-chain.ts";

// Each test starts real processes; on a busy machine one takes seconds.
vi.setConfig({ testTimeout: 60_000 });

const { signingKey, publicKey } = checkpointKeys();
const keyFile = join(mkdtempSync(join(tmpdir(), "audit-key-")), "public.pem");
writeFileSync(keyFile, publicKey.export({ type: "spki", format: "pem" }));

let directory: string;
beforeEach(async () => {
  directory = auditFolder();
  let day = Date.parse("2026-03-01T12:00:00Z");
  const now = () => new Date(day);
  const log = await AuditLog.open({ directory, writer: "front-door-0", now, notify: () => {}, signingKey });
  for (const tenant of ["marketing", "engineering", "marketing"]) {
    await log.append(auditEntry({ tenant }));
    day += 43_200_000;
  }
  await log.close();
});

/** Runs the command line. */
function breakwater(...argv: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ["cli/bin.mjs", ...argv], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr })));
}

describe("breakwater audit verify", () => {
  test("says that all is intact, up to where it is signed, and ends with 0", async () => {
    const { code, stdout } = await breakwater(
      "audit",
      "verify",
      "--directory",
      directory,
      "--public-key",
      keyFile,
      "-q",
    );
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining("INTACT  front-door-0: 3 records, seq 1 to 3, signed up to seq 3"),
    ]);
    expect(stdout).toContain("3 records verified, all intact");
    expect(stdout).not.toContain("Warning");
  });

  test("names the first bad record, and ends with 1; without a key it says what was not checked", async () => {
    const path = join(directory, "audit-front-door-0.000001.jsonl");
    writeFileSync(path, readFileSync(path, "utf8").replace("engineering", "marketing"));
    const { code, stdout } = await breakwater("audit", "verify", "--directory", directory, "-q");
    expect(code).toBe(1);
    expect(stdout).toContain(
      "first bad record: audit-front-door-0.000001.jsonl line 2, seq 2: the record does not fit its hash (hash)",
    );
    expect(stdout).toContain("1 chain is NOT intact");
    expect(stdout).toContain("Warning: signatures were not checked");
  });

  test("--json is the whole report", async () => {
    rmSync(join(directory, "audit-front-door-0.000001.jsonl"));
    const { code, stdout } = await breakwater("audit", "verify", "--directory", directory, "--json", "-q");
    const { intact, logs } = JSON.parse(stdout);
    expect([code, intact]).toEqual([1, false]);
    expect(logs[0].report.writers[0].fault.code).toBe("missing-start");
  });

  test.each([
    [["--directory", "/nowhere/at/all"], "[audit/no-directory]"],
    [[], "[audit/no-directory]"],
    [["local", "--directory", "/tmp"], "[audit/no-directory]"],
    [["--directory", "/tmp", "--public-key", "/nowhere.pem"], "[audit/bad-public-key]"],
    [["--directory", "/tmp", "--public-key", "package.json"], "[audit/bad-public-key]"],
  ])("%j is refused with %s", async (options, problem) => {
    const { code, stderr } = await breakwater("audit", "verify", "-q", ...options);
    expect([code, stderr]).toEqual([1, expect.stringContaining(problem)]);
  });
});

test("breakwater audit export prints the records of a tenant and a period, the last day included", async () => {
  const seqs = async (...options: string[]) => {
    const { code, stdout } = await breakwater("audit", "export", "--directory", directory, ...options);
    expect(code).toBe(0);
    return stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line).seq);
  };
  expect(await seqs()).toEqual([1, 2, 3]);
  expect(await seqs("--tenant", "marketing")).toEqual([1, 3]);
  expect(await seqs("--to", "2026-03-01")).toEqual([1]);
  expect(await seqs("--from", "2026-03-02", "--to", "2026-03-02T12:00:00Z")).toEqual([2]);
  const wrong = await breakwater("audit", "export", "--directory", directory, "--from", "yesterday");
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("[audit/bad-time]")]);
});
