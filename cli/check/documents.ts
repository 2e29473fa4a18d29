import type { Problem } from "@breakwater/runtime/problems";
import { type Document, isMap, isPair, LineCounter, type ParsedNode, parseAllDocuments, visit } from "yaml";
import { fault } from "./codes.ts";

/** One document of a file, parsed. */
export interface ManifestDocument {
  /** Counted from 1, as the file has them between its `---`. */
  readonly document: number;
  /** The line of the file that it begins on. */
  readonly line: number;
  readonly content: unknown;
}

/** What a file has, and what is wrong with the rest of it. */
export interface Documents {
  readonly documents: readonly ManifestDocument[];
  readonly faults: readonly Problem[];
}

/** Aliases may repeat a value this often; more is a file made to exhaust memory. */
const ALIASES_MAX = 100;

/**
 * Parses a manifest as kubectl does: several documents, YAML 1.1 (`yes` is true), JSON among it. A broken document does
 * not hide the others; a template does, because nothing in it is what it will be.
 */
export function parseDocuments(name: string, text: string): Documents {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    version: "1.1",
    uniqueKeys: true,
    lineCounter: lines,
    // kubectl keeps dates and 12:30 as they are written.
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !isTime(tag)),
  });
  const documents = Array.isArray(parsed) ? parsed : [];
  const template = templateLine(text, documents, lines);
  if (template !== undefined) return { documents: [], faults: [unrendered(`${name}, line ${template}`)] };
  const read = documents.map((document, index) => readDocument(name, document, index + 1, lines));
  const found = read.flatMap((one) => ("content" in one ? [one] : []));
  const faults = read.flatMap((one) => ("content" in one ? [] : [one]));
  const present = found.filter(({ content }) => content !== null && content !== undefined);
  return { documents: present, faults: present.length + faults.length === 0 ? [empty(name)] : faults };
}

/** A template's fault, for what turns out to be one only when it is read. */
export function unrendered(path: string): Problem {
  return fault("check/template", path, {
    got: "a template",
    expected: "a manifest with all of its values",
    remedy: "render it first: helm template CHART | breakwater check --level LEVEL -",
  });
}

function isTime({ tag, format }: { tag?: string; format?: string }): boolean {
  return tag === "tag:yaml.org,2002:timestamp" || format === "TIME";
}

type Parsed = Document.Parsed<ParsedNode>;

/** `{{` is a template's where YAML cannot read it, or reads it as a map whose key is a map. */
function templateLine(text: string, documents: readonly Parsed[], lines: LineCounter): number | undefined {
  const broken = documents.some(({ errors }) => errors.length > 0);
  if (broken && text.includes("{{")) return lines.linePos(text.indexOf("{{")).line;
  for (const document of documents) {
    let at: number | undefined;
    visit(document, (_, node) => {
      if (!isPair(node) || !isMap(node.key)) return undefined;
      at = node.key.range?.[0];
      return visit.BREAK;
    });
    if (at !== undefined) return lines.linePos(at).line;
  }
  return undefined;
}

function readDocument(name: string, parsed: Parsed, document: number, lines: LineCounter): ManifestDocument | Problem {
  const [error] = parsed.errors;
  if (error !== undefined) return notYaml(`${name}, line ${lines.linePos(error.pos[0]).line}`, reason(error));
  const line = lines.linePos(parsed.contents?.range?.[0] ?? parsed.range[0]).line;
  try {
    return { document, line, content: parsed.toJS({ maxAliasCount: ALIASES_MAX }) };
  } catch (cause) {
    return notYaml(`${name}, line ${line}`, cause instanceof Error ? cause.message : String(cause));
  }
}

function reason({ code, message }: { code: string; message: string }): string {
  // The first line says what is wrong; the rest quotes the file.
  const [said = code] = message.split("\n");
  return said.replace(/ at line \d+, column \d+:?$/, "");
}

function notYaml(path: string, got: string): Problem {
  return fault("check/not-yaml", path, { got, expected: "YAML or JSON", remedy: "correct that line" });
}

function empty(name: string): Problem {
  return fault("check/empty", name, {
    got: "no object",
    expected: "a Kubernetes manifest",
    remedy: "leave the file out, or see why it is empty",
  });
}
