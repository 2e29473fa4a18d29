import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CONTROLS, type ControlId, GAPS } from "../../../components/controls.ts";
import type { NodePool } from "../../../components/demand.ts";
import { PAIRS } from "../../../runtime/settings/topologies.ts";
import { demandOf } from "../../../stacks/demand.ts";
import { PLACEMENT_CODES } from "../../../stacks/placement/codes.ts";
import { projectRoot } from "../../../tools/paths.ts";
import { cloudSettings } from "../../support/places.ts";

const page = readFileSync(join(projectRoot, "docs", "topologies", "README.md"), "utf8");
const row = (...cells: readonly string[]) => `| ${cells.join(" | ")} |`;

/** The rows of the table below a heading of columns. */
function rowsBelow(...columns: readonly string[]): readonly string[] {
  const [, below = ""] = page.split(`${row(...columns)}\n|${"---|".repeat(columns.length)}\n`);
  return (below.split("\n\n")[0] ?? "").trimEnd().split("\n");
}

test("the page's pairs are those of the settings", () => {
  expect(rowsBelow("architecture", "topology", "valid", "because")).toEqual(
    PAIRS.map(({ architecture, topology, valid, because }) => row(architecture, topology, valid, because)),
  );
});

test("the page's sizes are those that are asked for", () => {
  const pool = ({ min, max, vcpus, memoryGiB }: NodePool) => `${min} to ${max} of ${vcpus} vCPUs, ${memoryGiB} GiB`;
  const sizes = [5, 50, 500].map((people) => {
    const { pools, database } = demandOf(
      "acme",
      cloudSettings({ deployment: { topology: "aws", region: "east-1", people } }),
    );
    return row(String(people), ...pools.map(pool), `${database.vcpus} vCPUs, ${database.memoryGiB} GiB`);
  });
  expect(rowsBelow("people", "system", "agents", "sandbox", "database")).toEqual(sizes);
});

test("the page explains every way to be refused, once", () => {
  const codes = rowsBelow("code", "refuses", "rests on").map((line) => /^\| `([^`]+)` \|/.exec(line)?.[1]);
  expect([...codes].sort()).toEqual([...PLACEMENT_CODES].sort());
});

test("the page's gaps are those that the plans print", () => {
  const topologies = ["local", "dgx", "aws", "alibaba", "tencent"] as const;
  const rows = (Object.keys(CONTROLS) as ControlId[]).map((control) =>
    row(CONTROLS[control], ...topologies.map((topology) => (GAPS[topology][control] === undefined ? "" : "gap"))),
  );
  expect(rowsBelow("control", ...topologies)).toEqual(rows);
});
