import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { GpuKind } from "../../../../components/demand.ts";
import { computes, GPU_KINDS_BY_MEMORY, GPUS, type Precision } from "../../../../components/inference/gpu-table.ts";
import { weightsGiB } from "../../../../components/inference/memory.ts";
import { MODELS, type Model } from "../../../../components/inference/model-table.ts";
import { smallestCount, smallestPart } from "../../../../components/inference/sizing.ts";
import { projectRoot } from "../../../../tools/paths.ts";

/** Blocks of docs/inference.md that are computed; `DOCS_UPDATE=1` writes them anew. */
const FILE = join(projectRoot, "docs", "inference.md");

const PRECISIONS: readonly Precision[] = ["bf16", "fp8", "nvfp4"];

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function gpuTable(): string {
  const parts = (kind: GpuKind) =>
    GPUS[kind].mig.map(({ name, memoryGiB, perGpu }) => `${perGpu} x ${name} (${memoryGiB})`);
  return table(
    ["gpu", "GiB", "architecture", ...PRECISIONS, "parts of one GPU by MIG, with GiB"],
    GPU_KINDS_BY_MEMORY.map((kind) => [
      ...[kind, String(GPUS[kind].memoryGiB), GPUS[kind].architecture],
      ...PRECISIONS.map((precision) => computes(kind, precision)),
      parts(kind).join(", ") || "none",
    ]),
  );
}

function place(model: Model, precision: Precision, kind: GpuKind): string {
  const count = smallestCount(model, precision, kind);
  const part = smallestPart(model, precision, kind);
  if (count === undefined) return "-";
  const whole = `${count.gpus}${count.basis === "published" ? " *" : ""}`;
  return part === undefined || part.perGpu === 1 ? whole : `${whole}, ${part.name}`;
}

function fitTable(): string {
  return table(
    ["model", "precision", "weights GiB", ...GPU_KINDS_BY_MEMORY],
    MODELS.flatMap((model) =>
      PRECISIONS.map((precision) => [
        model.id.replace(/^.*\//, ""),
        precision,
        weightsGiB(model, precision).toFixed(0),
        ...GPU_KINDS_BY_MEMORY.map((kind) => place(model, precision, kind)),
      ]),
    ),
  );
}

test.each([
  ["gpus", gpuTable()],
  ["fits", fitTable()],
])("the table %s of the documentation is what is computed", (name, expected) => {
  const text = readFileSync(FILE, "utf8");
  const [begin, end] = [`<!-- computed: ${name} -->\n`, "\n<!-- end -->"];
  const start = text.indexOf(begin) + begin.length;
  const stop = text.indexOf(end, start);
  expect(text).toContain(begin);
  if (process.env["DOCS_UPDATE"] === "1") writeFileSync(FILE, text.slice(0, start) + expected + text.slice(stop));
  else expect(text.slice(start, stop)).toBe(expected);
});
