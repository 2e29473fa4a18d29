import type { z } from "zod";
import type { Problem } from "../problems/index.ts";
import { settingsProblem } from "./problem.ts";
import { factsAt, formatPath, type Path } from "./walk.ts";

/** Not preceded by a backslash: a screening pattern may look for the literal text. */
const opening = /(?<!\\)\$\{/;

/** Placeholders where no secret belongs: nothing would ever put a value there, so they are refused. */
export function misplacedPlaceholders(data: unknown, root: z.ZodType): readonly Problem[] {
  return textsOf(data, [])
    .filter(({ text, path }) => opening.test(text) && factsAt(root, path, data)?.secret !== true)
    .map(({ path }) =>
      settingsProblem("settings/misplaced-placeholder", formatPath(path), {
        got: "a placeholder",
        expected: "a plain value, because this is no secret",
        remedy: "write the value itself",
      }),
    );
}

interface Text {
  readonly text: string;
  readonly path: Path;
}

function textsOf(value: unknown, path: Path): readonly Text[] {
  if (typeof value === "string") return [{ text: value, path }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsOf(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsOf(item, [...path, key]));
}
