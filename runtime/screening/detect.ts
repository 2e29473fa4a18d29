import { scanIbans } from "./iban.ts";
import { IBAN, type Match, SECRET, type Subject } from "./matches.ts";
import { scanNumbers } from "./numbers.ts";
import { Reader, type Reading } from "./reader.ts";
import { scanPem } from "./secrets.ts";
import { scanTokens } from "./tokens.ts";

const IBAN_BIT = 1 << IBAN;
const SECRET_BIT = 1 << SECRET;

/** A reader for texts, and one for what base64 in them hides; base64 inside base64 is not looked into. */
const readers = [new Reader(), new Reader()];

/** What detectors found in a text; offsets are those of the text as it was given. */
export interface Detection {
  readonly matches: readonly Match[];
  /** From here on the text may be the begin of a match that more text completes; the text's length when it is not. */
  readonly held: number;
  /** The text as its reader sees it; only good until the next detection. */
  readonly reading: Reading;
}

const NONE: readonly Match[] = [];

/**
 * Looks for what the `wanted` detectors (bit n for the n-th of DETECTORS) know. `final`: no more text follows.
 * `matches` are in no order and may overlap; none of them reaches into what is held.
 */
export function detect(text: string, wanted: number, final: boolean): Detection {
  return detectAt(text, wanted, final, 0);
}

function detectAt(text: string, wanted: number, final: boolean, depth: number): Detection {
  const reading = (readers[depth] as Reader).read(text);
  if (wanted === 0) return { matches: NONE, held: text.length, reading };
  const found: Match[] = [];
  const subject: Subject = { text: reading.text, units: reading.units, wanted, final, found };
  let held = scanNumbers(subject);
  if ((wanted & IBAN_BIT) !== 0) held = Math.min(held, scanIbans(subject));
  if ((wanted & SECRET_BIT) !== 0) held = Math.min(held, scanPem(subject));
  const open = scanTokens(subject, (hidden) => {
    if (depth > 0) return;
    const seen = new Set(detectAt(hidden.text, wanted, true, 1).matches.map(({ detector }) => detector));
    for (const detector of seen) found.push({ detector, start: hidden.start, end: hidden.end });
  });
  held = Math.min(held, open);
  const { view } = reading;
  if (view === undefined && found.length === 0) {
    return { matches: NONE, held, reading };
  }
  const matches =
    view === undefined
      ? found
      : found.map(({ detector, start, end }) => ({ detector, start: view.start(start), end: view.end(end) }));
  if (final) return { matches, held: text.length, reading };
  return { ...settle(matches, view === undefined ? held : view.start(held)), reading };
}

/** A match that reaches into what is held is found again with it; what is held then begins with it. */
function settle(
  matches: readonly Match[],
  held: number,
): { readonly matches: readonly Match[]; readonly held: number } {
  let from = held;
  // Latest first: what begins before a match that waits may have to wait too, what begins after it waits already.
  for (const { start, end } of [...matches].sort((a, b) => b.start - a.start))
    if (start < from && end > from) from = start;
  return { matches: matches.filter(({ end }) => end <= from), held: from };
}
