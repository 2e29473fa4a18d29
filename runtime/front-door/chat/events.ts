import { jsonOrUndefined } from "../../json/index.ts";

const BLANK_LINE = /\r?\n\r?\n/g;

/**
 * Whole events without the one that carries only token counts: those were asked for by us, not by the caller.
 * Returns the same bytes when there is none.
 */
export function withoutUsage(events: Buffer): Buffer {
  if (!events.includes('"usage"')) return events;
  const text = events.toString("utf8");
  let kept = "";
  let start = 0;
  for (const blank of text.matchAll(BLANK_LINE)) {
    const end = blank.index + blank[0].length;
    const event = text.slice(start, end);
    if (!isUsageOnly(event)) kept += event;
    start = end;
  }
  kept += text.slice(start);
  return kept.length === text.length ? events : Buffer.from(kept);
}

/** The whole events at the begin of what a broken stream left: half an event would swallow the error after it. */
export function wholeEvents(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1");
  let end = 0;
  for (const blank of text.matchAll(BLANK_LINE)) end = blank.index + blank[0].length;
  return end === text.length ? bytes : bytes.subarray(0, end);
}

function isUsageOnly(event: string): boolean {
  if (!event.includes('"usage"')) return false;
  const chunk = jsonOrUndefined(dataOf(event));
  if (typeof chunk !== "object" || chunk === null) return false;
  const { choices, usage } = chunk as { readonly choices?: unknown; readonly usage?: unknown };
  return Array.isArray(choices) && choices.length === 0 && typeof usage === "object" && usage !== null;
}

function dataOf(event: string): string {
  return event
    .split(/\r?\n/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice("data:".length).trimStart())
    .join("\n");
}
