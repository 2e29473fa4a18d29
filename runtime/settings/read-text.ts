import { type Document, isPair, parseDocument, type Scalar, visit } from "yaml";
import { type Problem, ProblemError } from "../problems/index.ts";
import type { SettingsCode } from "./codes.ts";
import { INPUT_LIMITS } from "./guard.ts";
import { duplicateJsonKeys } from "./json-keys.ts";
import type { SettingsFile } from "./merge.ts";
import { settingsProblem } from "./problem.ts";

const PULUMI_FILE = /(^|[\\/])Pulumi\.[^\\/]+\.ya?ml$/;
const NAMESPACE = "breakwater:";

/**
 * Reads the text of one settings file: JSON, YAML, or a Pulumi.<stack>.yaml, of which the keys
 * `breakwater:<section>` under `config` are the sections and the rest belongs to others.
 * @throws ProblemError `settings/unreadable`, `settings/unknown-format`, `settings/duplicate-key`, `settings/too-large`,
 * `settings/unquoted-date`.
 */
export function readSettingsText(name: string, text: string): SettingsFile {
  if (Buffer.byteLength(text) > INPUT_LIMITS.textBytes) {
    throw refused("settings/too-large", name, {
      got: `${Buffer.byteLength(text)} bytes`,
      expected: `at most ${INPUT_LIMITS.textBytes} bytes`,
      remedy: "remove what does not belong there",
    });
  }
  if (/\.json$/.test(name)) return { name, content: readJson(name, text) };
  if (!/\.ya?ml$/.test(name)) {
    throw refused("settings/unknown-format", name, {
      got: "a name of another kind",
      expected: "a name that ends in .json, .yaml or .yml",
      remedy: "rename the file",
    });
  }
  const content = readYaml(name, text);
  return { name, content: PULUMI_FILE.test(name) ? sectionsOfStack(content) : content };
}

function readJson(name: string, text: string): unknown {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw unreadable(name, "JSON", "see whether a comma, quote or brace is missing", { cause: error });
  }
  const [repeated] = duplicateJsonKeys(text);
  if (repeated !== undefined) throw duplicate(name, repeated);
  return content;
}

function readYaml(name: string, text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true, strict: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line;
    const at = line === undefined ? "" : ` line ${line}`;
    if (error.code === "DUPLICATE_KEY") throw duplicate(name, `a key at${at}`);
    throw unreadable(name, "YAML", `see${at || " the file"}: ${error.code.toLowerCase().replaceAll("_", " ")}`);
  }
  requireQuotedDates(name, document);
  try {
    return document.toJS({ maxAliasCount: 50 });
  } catch (cause) {
    throw unreadable(name, "YAML", "write repeated parts out instead of using aliases", { cause });
  }
}

/** YAML 1.1, which Pulumi's engine reads, makes a time of a bare date: the program would get another text than is written. */
const BARE_DATE = /^\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?$/;

function requireQuotedDates(name: string, document: Document): void {
  const problems: Problem[] = [];
  visit(document, {
    Scalar: (_, { type, source }: Scalar, path) => {
      if (type !== "PLAIN" || source === undefined || !BARE_DATE.test(source)) return;
      const keys = path.flatMap((node) => (isPair(node) ? [String(node.key)] : []));
      problems.push(
        settingsProblem("settings/unquoted-date", `${name}: ${keys.join(".")}`, {
          got: `the bare date ${source}`,
          expected: "a date in quotes, because the engine changes a bare one",
          remedy: `write "${source}"`,
        }),
      );
    },
  });
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ProblemError([first, ...rest]);
}

function sectionsOfStack(content: unknown): unknown {
  if (typeof content !== "object" || content === null || !("config" in content)) return {};
  const { config } = content;
  if (typeof config !== "object" || config === null) return {};
  const ours = Object.entries(config).filter(([key]) => key.startsWith(NAMESPACE));
  return Object.fromEntries(ours.map(([key, value]) => [key.slice(NAMESPACE.length), value]));
}

function unreadable(name: string, format: string, remedy: string, options?: ErrorOptions): ProblemError {
  const rest = { got: `text that is not ${format}`, expected: `well-formed ${format}`, remedy };
  return refused("settings/unreadable", name, rest, options);
}

function duplicate(name: string, key: string): ProblemError {
  return refused("settings/duplicate-key", name, {
    got: `${key} twice in one object`,
    expected: "each key once",
    remedy: "remove or rename one of them",
  });
}

function refused(
  code: SettingsCode,
  name: string,
  rest: Omit<Problem, "code" | "path">,
  options?: ErrorOptions,
): ProblemError {
  return new ProblemError([settingsProblem(code, name, rest)], options);
}
