import { type Hit, type Screen, screenReply, screenRequest } from "../../screening/index.ts";
import { type Refusal, refusal } from "../errors.ts";
import type { ChatBody, ChatMessage } from "./body.ts";

/** What screening found in one request and its reply, for the audit record, the metrics and the answer. */
export class Findings {
  readonly hits: Hit[] = [];

  add(hits: readonly Hit[]): void {
    for (const hit of hits) this.hits.push(hit);
  }

  /** The rule that forbids the text to go on. */
  get blocked(): string | undefined {
    return this.hits.find(({ action }) => action === "block")?.rule;
  }

  /** Every rule once, as `name:action`. */
  get rules(): readonly string[] {
    return [...new Set(this.hits.map(({ rule, action }) => `${rule}:${action}`))];
  }
}

/** The refusal of text that a rule blocks: it names the rule and nothing of the text. */
export function blockedBy(rule: string): Refusal {
  return refusal("screening/blocked", `a match of the rule ${JSON.stringify(rule)}`);
}

/**
 * Runs one screening and refuses what must not go on.
 * @throws Refusal `screening/failed` when screening itself fails: nothing passes unscreened; `screening/blocked`.
 */
export function passed<T>(findings: Findings, screening: () => T): T {
  let result: T;
  try {
    result = screening();
  } catch (cause) {
    throw refusal("screening/failed", "an error", { cause });
  }
  const rule = findings.blocked;
  if (rule !== undefined) throw blockedBy(rule);
  return result;
}

/**
 * Screens what a request says: messages and stop sequences. Returns the body that may go on, the same one when nothing
 * was redacted. Text that is to be kept inside (`route`) goes on unchanged: the router decides where to.
 */
export function screenedRequest(screen: Screen, body: ChatBody, findings: Findings): ChatBody {
  if (!screen.active) return body;
  const verdict = screenRequest(screen, body);
  findings.add(verdict.hits);
  const safe = verdict.body as ChatBody;
  const messages = screenAcrossParts(screen, safe.messages, findings);
  const stop = safe.stop === undefined || safe.stop === null ? safe.stop : screenStop(screen, safe.stop, findings);
  return messages === safe.messages && stop === safe.stop ? safe : { ...safe, messages, stop };
}

/** OpenClaw joins the parts of a message, so a match can lie across them: such a message goes on as one screened text. */
function screenAcrossParts(screen: Screen, messages: ChatMessage[], findings: Findings): ChatMessage[] {
  if (messages.every(({ content }) => typeof content === "string" || content.length < 2)) return messages;
  return messages.map((message) => {
    if (typeof message.content === "string" || message.content.length < 2) return message;
    for (const glue of ["\n", ""]) {
      const whole = message.content.map(({ text }) => text).join(glue);
      const safe = screenText(screen, whole, findings);
      if (safe !== whole) return { ...message, content: safe };
    }
    return message;
  });
}

function screenStop(screen: Screen, stop: string | string[], findings: Findings): string | string[] {
  if (typeof stop === "string") return screenText(screen, stop, findings);
  const safe = stop.map((text) => screenText(screen, text, findings));
  return safe.some((text, index) => text !== stop[index]) ? safe : stop;
}

/** One text of a request as it may go on. What was found goes to the findings. */
export function screenText(screen: Screen, text: string, findings: Findings): string {
  const { action, text: safe, hits } = screen.text(text);
  if (action === "pass") return text;
  findings.add(hits);
  return safe;
}

/** Screens a parsed reply. Returns what may leave, the same object when nothing was redacted. */
export function screenedReply(screen: Screen, reply: Fields, findings: Findings): Fields {
  if (!screen.active) return reply;
  const verdict = screenReply(screen, reply);
  findings.add(verdict.hits);
  return verdict.reply;
}

type Fields = Readonly<Record<string, unknown>>;
