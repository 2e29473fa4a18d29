import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterObstacles } from "./support/cluster-available.ts";

/** The part of vitest's JSON report that is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/**
 * Runs every layer that this machine can run and ends with one line of counts. The cluster layer needs root on Linux;
 * where it cannot run, its tests count as skipped with the reason, and with CI set that is a failure.
 */
function main(args: readonly string[]): number {
  const obstacles = clusterObstacles();
  const mustRun = process.env["CI"] !== undefined && process.env["CI"] !== "";
  for (const obstacle of obstacles) process.stdout.write(`cluster tests cannot run here: ${obstacle}\n`);
  if (obstacles.length > 0 && mustRun) return finish(0, 1, 0);

  const folder = mkdtempSync(join(tmpdir(), "breakwater-test-"));
  const file = join(folder, "report.json");
  const layers = ["unit", "golden", "policy", "engine", ...(obstacles.length === 0 ? ["cluster"] : [])];
  const vitest = spawnSync(
    process.execPath,
    [
      join("node_modules", "vitest", "vitest.mjs"),
      "run",
      ...layers.flatMap((layer) => ["--project", layer]),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
      ...args,
    ],
    { stdio: "inherit" },
  );
  try {
    const report = JSON.parse(readFileSync(file, "utf8")) as Report;
    // A file that fails before its first test has no failed test to count.
    const brokenFiles = report.testResults.filter(
      ({ status, assertionResults }) =>
        status === "failed" && assertionResults.every((test) => test.status !== "failed"),
    );
    for (const { name, message } of brokenFiles)
      process.stdout.write(`broken: ${name}: ${message.split("\n", 1)[0]}\n`);
    const failed = report.numFailedTests + brokenFiles.length;
    const crashed = vitest.status !== 0 && failed === 0 ? 1 : 0;
    return finish(report.numPassedTests, failed + crashed, report.numPendingTests);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function finish(passed: number, failed: number, skipped: number): number {
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
