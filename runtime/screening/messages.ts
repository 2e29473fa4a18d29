import { HitCounter } from "./hit-counter.ts";
import { JsonPlace, jsonReplacement } from "./json-text.ts";
import { merged, redactBetween, replacement } from "./redact.ts";
import type { Hit, Screen, ScreeningAction } from "./screen.ts";

/** The judgement on a request. */
export interface RequestVerdict {
  readonly action: "pass" | ScreeningAction;
  readonly hits: readonly Hit[];
  /** With redactions; the same object when nothing was redacted. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** The judgement on a whole reply. In a reply `route` redacts: it is there already. */
export interface ReplyVerdict {
  readonly action: "pass" | ScreeningAction;
  readonly hits: readonly Hit[];
  readonly reply: Readonly<Record<string, unknown>>;
}

const STRENGTH = { pass: 0, redact: 1, route: 2, block: 3 } as const;
/** A message nests no deeper; what does is refused rather than overlooked. */
const DEEPEST = 64;
/** Names and values of the protocol, not text: changing them would break the conversation. */
const PROTOCOL_KEYS = new Set([
  "role",
  "type",
  "id",
  "tool_call_id",
  "finish_reason",
  "object",
  "model",
  "system_fingerprint",
]);

/** Screens all texts of one request or reply and adds up what was found. */
export class Sweep {
  action: "pass" | ScreeningAction = "pass";
  readonly #screen: Screen;
  readonly #hits = new HitCounter();
  readonly #redactRoute: boolean;

  constructor(screen: Screen, redactRoute: boolean) {
    this.#screen = screen;
    this.#redactRoute = redactRoute;
  }

  get hits(): readonly Hit[] {
    return this.#hits.all;
  }

  /** @returns the text with redactions. `json`: the text is JSON and stays so. */
  text(text: string, json = false): string {
    const { rules } = this.#screen;
    const { spans } = this.#screen.find(text, 0, true);
    if (spans.length === 0) return text;
    this.#note(this.#screen.hits(spans));
    const kept = merged(spans.filter(({ rule }) => this.#redactRoute || rules[rule]?.action !== "route"));
    const place = new JsonPlace();
    let placed = 0;
    return redactBetween(text, 0, text.length, kept, (span) => {
      place.advance(text, placed, span.start);
      placed = span.start;
      const rule = rules[span.rule];
      return json ? jsonReplacement(text, span, place, rule) : replacement(rule);
    });
  }

  /**
   * Screens every string in a JSON value, names of properties too, and `arguments` as JSON. The same value when nothing
   * was redacted. @throws Error when it nests too deep.
   */
  value(value: unknown, key = "", depth = 0): unknown {
    if (typeof value === "string") {
      if (PROTOCOL_KEYS.has(key)) return value;
      return this.text(value, key === "arguments");
    }
    if (typeof value !== "object" || value === null) return value;
    if (depth > DEEPEST) throw new Error("a message nests too deep to be screened");
    return Array.isArray(value) ? this.#array(value, key, depth) : this.#object(value, depth);
  }

  #array(value: readonly unknown[], key: string, depth: number): readonly unknown[] {
    let changed = false;
    const items = value.map((item) => {
      const screened = this.value(item, key, depth + 1);
      changed ||= screened !== item;
      return screened;
    });
    return changed ? items : value;
  }

  #object(value: object, depth: number): object {
    let changed = false;
    const entries = Object.entries(value).map(([name, item]) => {
      const screenedName = KNOWN_NAMES.has(name) ? name : this.text(name);
      const screened = this.value(item, name, depth + 1);
      changed ||= screenedName !== name || screened !== item;
      return [screenedName, screened] as const;
    });
    return changed ? Object.fromEntries(entries) : value;
  }

  #note(hits: readonly Hit[]): void {
    for (const hit of hits) {
      const action = hit.action === "route" && this.#redactRoute ? "redact" : hit.action;
      if (STRENGTH[action] > STRENGTH[this.action]) this.action = action;
    }
    this.#hits.add(hits);
  }
}

/** Names that the protocol gives; all others come from somebody. */
const KNOWN_NAMES = new Set([
  ...PROTOCOL_KEYS,
  ...[
    "content",
    "text",
    "name",
    "function",
    "arguments",
    "tool_calls",
    "image_url",
    "url",
    "detail",
    "message",
    "refusal",
  ],
  ...["choices", "index", "logprobs", "usage", "reasoning_content", "annotations", "function_call", "audio", "created"],
]);

/** Screens the messages of a chat completion request: texts, tool results, calls in the history, names. @throws Error: refuse it. */
export function screenRequest(screen: Screen, body: Readonly<Record<string, unknown>>): RequestVerdict {
  if (!screen.active) return { action: "pass", hits: [], body };
  const sweep = new Sweep(screen, false);
  const messages = sweep.value(body["messages"]);
  return { action: sweep.action, hits: sweep.hits, body: messages === body["messages"] ? body : { ...body, messages } };
}

/** Screens the choices of a whole chat completion (and its `error`, if it is one). @throws Error: refuse it. */
export function screenReply(screen: Screen, reply: Readonly<Record<string, unknown>>): ReplyVerdict {
  if (!screen.active) return { action: "pass", hits: [], reply };
  const sweep = new Sweep(screen, true);
  let screened = reply;
  for (const key of ["choices", "error"]) {
    const value = sweep.value(reply[key], key);
    if (value !== reply[key]) screened = { ...screened, [key]: withoutLogprobs(value) };
  }
  return { action: sweep.action, hits: sweep.hits, reply: screened };
}

/** The log probabilities spell the text out token by token. */
function withoutLogprobs(choices: unknown): unknown {
  if (!Array.isArray(choices)) return choices;
  return choices.map((choice: unknown) =>
    typeof choice === "object" && choice !== null && "logprobs" in choice ? { ...choice, logprobs: null } : choice,
  );
}
