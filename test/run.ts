import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { browserObstacles } from "./support/browser.ts";
import { clusterObstacles } from "./support/cluster-available.ts";
import { postgresObstacles } from "./support/postgres.ts";

/** The part of vitest's JSON report that is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** What one run of vitest counted. */
interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** A line for each thing that failed. */
  readonly failures: readonly string[];
}

/** Layers that need nothing but this checkout. */
const ANYWHERE = ["unit", "golden", "policy"];
/** The layer that needs a PostgreSQL server of its own. */
const ON_A_DATABASE = ["service"];
/** The layer that looks at pages in a real browser. */
const IN_A_BROWSER = ["browser"];
/** The layer that needs a node; its setup deploys the whole environment, so it runs alone. */
const ON_A_NODE = ["cluster"];
/** Part of it needs a `pulumi`, which the layer before builds where there is none. */
const ON_THE_ENGINE = ["engine"];

/**
 * Runs every layer that this machine can run and ends with one line of counts. The service layer needs a
 * PostgreSQL, the browser layer Chromium, the cluster layer root on Linux; where one cannot run the reason is printed, and with CI set that is a
 * failure.
 */
function main(args: readonly string[]): number {
  const obstacles = { service: postgresObstacles(), browser: browserObstacles(), cluster: clusterObstacles() };
  const counts = [
    runLayers(ANYWHERE, args),
    obstacles.service.length === 0 ? runLayers(ON_A_DATABASE, args) : leftOut("service"),
    obstacles.browser.length === 0 ? runLayers(IN_A_BROWSER, args) : leftOut("browser"),
    obstacles.cluster.length === 0 ? runLayers(ON_A_NODE, args) : leftOut("cluster"),
    runLayers(ON_THE_ENGINE, args),
  ];
  for (const [layer, reasons] of Object.entries(obstacles)) {
    for (const reason of reasons) process.stdout.write(`${layer} tests cannot run here: ${reason}\n`);
  }

  const failures = counts.flatMap((count) => count.failures);
  if (failures.length > 0) process.stdout.write(`\nwhat failed:\n${failures.join("\n")}\n`);
  const sum = (what: Exclude<keyof Counts, "failures">) => counts.reduce((total, count) => total + count[what], 0);
  const skipped = sum("skipped");
  const line = `${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  process.stdout.write(`\n${line}\n`);
  return sum("failed") > 0 || sum("passed") === 0 ? 1 : 0;
}

function runLayers(layers: readonly string[], args: readonly string[]): Counts {
  const folder = mkdtempSync(join(tmpdir(), "breakwater-test-"));
  const file = join(folder, "report.json");
  const projects = layers.flatMap((layer) => ["--project", layer]);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const command = [
    join("node_modules", "vitest", "vitest.mjs"),
    "run",
    "--passWithNoTests",
    ...projects,
    ...reporters,
    ...args,
  ];
  const vitest = spawnSync(process.execPath, command, { stdio: "inherit" });
  try {
    return countsOf(existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Report) : undefined, vitest.status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A run that ends badly has failed, whatever it counted: its setup or teardown may be what broke. */
function countsOf(report: Report | undefined, status: number | null): Counts {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0, failures: ["  vitest left no report"] };
  // A file that fails before its first test has no failed test to count.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  const failed = report.numFailedTests + brokenFiles.length;
  const atTheEnd = failed === 0 && status !== 0 ? [`  vitest ended with ${status}`] : [];
  return {
    passed: report.numPassedTests,
    failed: failed + atTheEnd.length,
    skipped: report.numPendingTests,
    failures: [...failuresOf(report), ...brokenFiles.map(({ name, message }) => failure(name, [message])), ...atTheEnd],
  };
}

/** The tests that failed, each with the first lines of why: of a property the second is its seed. */
function failuresOf({ testResults }: Report): readonly string[] {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages }) => failure(name, [fullName, ...failureMessages.slice(0, 1)])),
  );
}

function failure(file: string, parts: readonly string[]): string {
  return `  ${relative(process.cwd(), file)}: ${parts.map((part) => part.split("\n", 2).join(" ").trimEnd()).join(": ")}`;
}

/** A layer that cannot run here: with CI set a failure, else skipped. How many tests its files hold only a run would tell. */
function leftOut(layer: string): Counts {
  if ((process.env["CI"] ?? "") !== "") return { passed: 0, failed: 1, skipped: 0, failures: [`  the layer ${layer}`] };
  const files = readdirSync(join("test", layer)).filter((file) => file.endsWith(".test.ts"));
  return { passed: 0, failed: 0, skipped: files.length, failures: [] };
}

process.exitCode = main(process.argv.slice(2));
