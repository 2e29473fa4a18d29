import type { Tokens } from "../../prices/index.ts";
import { ChatStreamScreen, type Hit, type Screen } from "../../screening/index.ts";
import type { StreamTranslation } from "../protocols/protocol.ts";

/** How a stream stands after a piece of it. */
export type StreamState = "open" | "done" | "failed" | "blocked" | "oversize" | "invalid";

export interface StreamReaderOptions {
  readonly screen: Screen;
  /** Undefined: the provider speaks OpenAI's events. */
  readonly translation: StreamTranslation | undefined;
  /** More than this is no answer to a request with a token limit. */
  readonly maxBytes: number;
  /** Whether the cell asked for the event with the usage; the router always does. */
  readonly passesUsage: boolean;
}

/** An event of one token has some hundred bytes around it, with log probabilities some thousand. */
const BYTES_PER_TOKEN = 4096;
const BYTES_ONCE = 1_048_576;
/** What is held back at most while nothing is said. */
const MAX_HELD_BYTES = 65_536;
/** Text, reasoning, a refusal or a call: what a cell would notice if another provider said something else after it. */
const SAYS =
  /"(?:content|reasoning_content|reasoning|refusal)"\s*:\s*"[^"]|"(?:tool_calls"\s*:\s*\[|function_call"\s*:\s*\{)/;

/** The longest stream that a token limit allows for. */
export function maxStreamBytes(maxTokens: number): number {
  return BYTES_ONCE + BYTES_PER_TOKEN * maxTokens;
}

/**
 * Reads a provider's stream: translated, bounded, screened. Nothing leaves before the model says something, so that until
 * then another provider can answer instead.
 */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  readonly #screened: ChatStreamScreen;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #says = false;
  #oversize = false;
  #invalid = false;
  receivedBytes = 0;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
    this.#screened = new ChatStreamScreen(options.screen);
  }

  /** Whether something of this stream may have left. */
  get says(): boolean {
    return this.#says;
  }

  get hits(): readonly Hit[] {
    return this.#screened.hits;
  }

  get state(): StreamState {
    if (this.#screened.blocked !== undefined) return "blocked";
    if (this.#oversize) return "oversize";
    if (this.#invalid) return "invalid";
    if (this.#screened.failed) return "failed";
    return this.#screened.done ? "done" : "open";
  }

  /** The usage that the provider told, as far as it has come; final once the state is `done`. */
  get usage(): Tokens | undefined {
    return this.#screened.usage ?? this.#options.translation?.usage;
  }

  /** What the provider said of the prompt before the reply; undefined where it says that at the end. */
  get promptUsage(): Tokens | undefined {
    return this.#options.translation?.usage;
  }

  /** What may leave now. Look at `state` first: of a stream that failed nothing may. @throws what screening throws. */
  push(chunk: Buffer): Buffer | undefined {
    this.receivedBytes += chunk.length;
    if (this.receivedBytes > this.#options.maxBytes) {
      this.#oversize = true;
      return undefined;
    }
    const events = this.#translated(chunk);
    if (events === undefined) return undefined;
    return this.#released(this.#passed(this.#screened.push(events)));
  }

  /** What was held back, once the provider has ended. @throws what screening throws. */
  end(): Buffer | undefined {
    const tail = this.#passed(this.#screened.end());
    if (this.#says) return tail;
    const held = tail === undefined ? this.#held : [...this.#held, tail];
    this.#held = [];
    this.#says = SAYS.test(Buffer.concat(held).toString("utf8"));
    return held.length === 0 ? undefined : Buffer.concat(held);
  }

  #translated(chunk: Buffer): Buffer | undefined {
    const { translation } = this.#options;
    if (translation === undefined) return chunk;
    try {
      return translation.push(chunk);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#invalid = true;
      return undefined;
    }
  }

  #passed(events: Buffer | undefined): Buffer | undefined {
    return events === undefined || this.#options.passesUsage ? events : withoutUsage(events);
  }

  #released(events: Buffer | undefined): Buffer | undefined {
    if (this.#says || events === undefined) return events;
    this.#held.push(events);
    this.#heldBytes += events.length;
    if (this.#heldBytes <= MAX_HELD_BYTES && !SAYS.test(events.toString("utf8"))) return undefined;
    this.#says = true;
    const [first] = this.#held;
    const held = this.#held.length === 1 && first !== undefined ? first : Buffer.concat(this.#held);
    this.#held = [];
    return held;
  }
}

/** Whole events without those that only tell the usage: a cell that did not ask for one does not expect an empty `choices`. */
function withoutUsage(events: Buffer): Buffer | undefined {
  if (!events.includes('"usage"')) return events;
  const kept = events
    .toString("utf8")
    .split(/(?<=\n\n)/)
    .filter((text) => !/"choices"\s*:\s*\[\s*\]/.test(text));
  return kept.length === 0 ? undefined : Buffer.from(kept.join(""), "utf8");
}
