import type { Screen } from "../../screening/index.ts";
import { refusal } from "../errors.ts";
import { parseReply } from "./cell-reply.ts";
import { type Findings, passed, screenedReply } from "./screening.ts";

/** A whole reply that may leave. */
export interface WholeAnswer {
  /** The cell's own text when nothing had to be changed. As a string it leaves in one write with the head. */
  readonly text: string;
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
}

/** What OpenAI's API defines of a completion; whatever else a cell puts beside it stays inside. */
const LEAVES: ReadonlySet<string> = new Set([
  "id",
  "object",
  "created",
  "model",
  "choices",
  "usage",
  "service_tier",
  "system_fingerprint",
]);

/** Judges a cell's whole reply. @throws Refusal `cell/broken-reply`, `screening/*`. */
export function wholeAnswer(body: Buffer, screen: Screen, findings: Findings): WholeAnswer {
  const text = body.toString("utf8");
  const reply = parseReply(text);
  if (typeof reply !== "object" || reply === null) throw refusal("cell/broken-reply", "JSON that is no completion");
  const fields = reply as Readonly<Record<string, unknown>>;
  if (!Array.isArray(fields["choices"])) throw refusal("cell/broken-reply", "JSON that is no completion");
  const tokens = tokensOf(fields["usage"]);
  const safe = passed(findings, () => screenedReply(screen, fields, findings));
  const isWhole = safe === fields && Object.keys(fields).every((name) => LEAVES.has(name));
  return { text: isWhole ? text : JSON.stringify(leaving(safe)), ...tokens };
}

function leaving(reply: object): object {
  return Object.fromEntries(Object.entries(reply).filter(([name]) => LEAVES.has(name)));
}

function tokensOf(usage: unknown): { readonly tokensIn: number | null; readonly tokensOut: number | null } {
  if (usage === undefined || usage === null) return { tokensIn: null, tokensOut: null };
  if (typeof usage !== "object") throw refusal("cell/broken-reply", "a usage that is no object");
  const { prompt_tokens, completion_tokens } = usage as Readonly<Record<string, unknown>>;
  return { tokensIn: countOf(prompt_tokens), tokensOut: countOf(completion_tokens) };
}

function countOf(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}
