import type { z } from "zod";
import { type Problem, ProblemError } from "../problems/index.ts";
import { type Correction, correct } from "./corrections.ts";
import { explain } from "./explain.ts";
import { guard } from "./guard.ts";
import { misplacedPlaceholders } from "./placeholders.ts";
import { settingsProblem, sorted } from "./problem.ts";
import { deploymentSchema, fileSchema, type PartialSettings, type Settings, sectionNames } from "./schema.ts";
import { contradictions, obstacles } from "./semantics.ts";

/**
 * Reads any of the sections, for checking one file by itself.
 * @param source name of the file, put before each path.
 * @throws ProblemError with every problem of the input.
 */
export function parseSections(
  raw: unknown,
  source?: string,
): { readonly sections: PartialSettings; readonly corrections: readonly Correction[] } {
  const { data, problems } = check(raw, fileSchema, () => [], source);
  if (data === undefined) throw problems;
  const { settings, corrections } = correct(data);
  return { sections: finish<PartialSettings>(settings), corrections };
}

/**
 * Reads the settings of a whole deployment: demands what decides which things exist, fills in defaults and
 * compares the sections with each other. What it gives, written as JSON, it reads again to the same settings.
 * @param now decides which prices hold; everything else is the same at any time.
 * @throws ProblemError with every problem of the input.
 */
export function parseSettings(
  raw: unknown,
  now: Date = new Date(),
): {
  readonly settings: Settings;
  readonly corrections: readonly Correction[];
} {
  const today = now.toISOString().slice(0, 10);
  const { data, problems } = check(raw, deploymentSchema, (given) => obstacles(given, today));
  if (data === undefined) throw problems;
  const { settings, corrections } = correct(data);
  return { settings: finish<Settings>(settings), corrections };
}

type Checked<T> = { readonly data: T; readonly problems?: never } | { readonly data?: never; readonly problems: Error };

function check<S extends z.ZodType>(
  raw: unknown,
  schema: S,
  further: (data: unknown) => readonly Problem[],
  source?: string,
): Checked<z.output<S>> {
  const guarded = guard(raw);
  if (guarded.cut) return { problems: refusal(guarded.problems, source) };
  const { data } = guarded;
  const parsed = schema.safeParse(data);
  const problems = [
    ...guarded.problems,
    ...empty(data),
    ...(parsed.success ? [] : explain(parsed.error.issues, schema, data)),
    ...misplacedPlaceholders(data, schema),
    ...contradictions(data),
    ...further(data),
  ];
  if (problems.length > 0 || !parsed.success) return { problems: refusal(problems, source) };
  return { data: parsed.data };
}

function empty(data: unknown): readonly Problem[] {
  if (typeof data !== "object" || data === null || Array.isArray(data) || Object.keys(data).length > 0) return [];
  return [
    settingsProblem("settings/empty", "", {
      got: "no section",
      expected: `at least one of ${sectionNames.join(", ")}`,
      remedy: "put the settings into this file or leave it out",
    }),
  ];
}

function refusal(problems: readonly Problem[], source?: string): ProblemError {
  const named = sorted(problems).map((problem) =>
    source === undefined ? problem : { ...problem, path: `${source}#${problem.path}` },
  );
  return new ProblemError(named as [Problem, ...Problem[]]);
}

/** Keys of records in one order, and nothing that a reader could change by mistake. */
function finish<T>(value: unknown): T {
  return frozen(value, true) as T;
}

function frozen(value: unknown, top = false): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map((item) => frozen(item)));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const order = top ? entries : entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.freeze(Object.fromEntries(order.map(([key, item]) => [key, frozen(item)])));
}
