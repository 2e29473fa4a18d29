import { bytes, utf8 } from "./byte-text.ts";
import { Channel } from "./channel.ts";
import { type ChunkNotes, type Piece, readChunk, setAt, valueAt } from "./chunk-text.ts";
import { HitCounter } from "./hit-counter.ts";
import { Sweep } from "./messages.ts";
import type { Hit, Screen } from "./screen.ts";
import { eventEnd, KEEP_ALIVE, OpenEvent, parseEvent, renderEvent } from "./sse.ts";
import { type Template, templateOf } from "./template.ts";

const MAX_EVENT_BYTES = 4_194_304;
/** Tries to make a template are spaced out for streams whose events differ in more than their text. */
const MOST_PATIENCE = 256;

/** Where one text of an event stands in its channel. */
interface Stretch {
  readonly channel: Channel;
  readonly path: Piece["path"];
  readonly from: number;
  readonly to: number;
}

/** An event that has not left yet. `raw` holds one byte a character. */
interface Waiting {
  readonly raw: string;
  readonly stretches: readonly Stretch[];
}

/**
 * Screens the event stream of one chat completion. Whole events leave, unchanged byte for byte, as soon as no match can
 * begin in their text; an event with a match leaves with the match replaced; with a `block` rule nothing leaves any more.
 * Only data leave: a client of chat completions reads nothing else, and whoever fills comments, names or unknown fields
 * could carry a text past the rules in pieces. A comment still keeps the connection open, without its text.
 *
 * A match is caught wherever it is cut, up to 16,384 characters. One exception: when a choice begins another text
 * (content after reasoning, a tool call after content), at most eight held characters with at most four digits are let
 * go, so that a reply whose reasoning ends in a number does not stand still; what follows of such a match is redacted.
 */
export class ChatStreamScreen {
  done = false;
  failed = false;
  usage: ChunkNotes["usage"];
  blocked: string | undefined;
  readonly #screen: Screen;
  readonly #channels = new Map<string, Channel>();
  readonly #dirty = new Set<Channel>();
  readonly #hits: HitCounter;
  #waiting: Waiting[] = [];
  readonly #rest = new OpenEvent(MAX_EVENT_BYTES);
  #template: { readonly template: Template; readonly channel: Channel } | undefined;
  #misses = 0;
  /** Whether an event was changed since something left. */
  #rewritten = false;
  #patience = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
    this.#hits = new HitCounter();
  }

  get hits(): readonly Hit[] {
    return this.#hits.all;
  }

  /**
   * Takes bytes as they come. @returns the bytes that may leave now.
   * @throws Error refuse the stream: an event is too large, no UTF-8, or no JSON.
   */
  push(chunk: Buffer): Buffer | undefined {
    if (this.done || this.blocked !== undefined) return undefined;
    const fresh = this.#rest.isEmpty && this.#waiting.length === 0;
    const text = this.#rest.join(chunk.toString("latin1"));
    if (text === undefined) return undefined;
    const end = this.#take(text);
    if (end < text.length) this.#rest.keep(text.slice(end));
    const out = this.#release(this.done);
    if (out === "") return undefined;
    const same = fresh && !this.#rewritten && out.length === text.length;
    this.#rewritten = false;
    return same ? chunk : Buffer.from(out, "latin1");
  }

  /** The upstream ended. @returns what was held back. @throws Error as {@link push} does. */
  end(): Buffer | undefined {
    if (this.blocked !== undefined) return undefined;
    const rest = this.#rest.all();
    if (!this.done && rest !== "") this.#event(rest);
    const out = this.#release(true);
    return out === "" ? undefined : Buffer.from(out, "latin1");
  }

  /** Takes the whole events of a text. @returns where the rest begins. */
  #take(text: string): number {
    let plain: boolean | undefined;
    let at = 0;
    while (at < text.length && !this.done) {
      const quick = this.#quick(text, at);
      if (quick !== -1) {
        at = quick;
        continue;
      }
      plain ??= !text.includes("\r");
      const end = eventEnd(text, at, plain);
      if (end === -1) break;
      if (end - at > MAX_EVENT_BYTES) throw new Error("an event of a stream is larger than 4 MiB");
      this.#event(text.slice(at, end));
      at = end;
    }
    return at;
  }

  /** Takes an event that is the last template with another text. @returns where it ends; -1: it is not. */
  #quick(text: string, at: number): number {
    const known = this.#template;
    if (known === undefined) return -1;
    const { before, after, piece } = known.template;
    const begin = at + before.length;
    // Several times faster than startsWith, which compares character by character.
    if (text.slice(at, begin) !== before) return -1;
    let end = begin;
    let wide = false;
    for (; end < text.length; end += 1) {
      const code = text.charCodeAt(end);
      if (code === 0x22) break;
      if (code === 0x5c || code < 0x20) return -1;
      if (code > 0x7e) wide = true;
    }
    const to = end + after.length;
    if (text.slice(end, to) !== after) return -1;
    const literal = text.slice(begin, end);
    const value = wide ? utf8(literal) : literal;
    this.#queue(text.slice(at, to), [this.#stretch(known.channel, piece.path, value)]);
    this.#patience = 0;
    return to;
  }

  /** Reads one event in full. */
  #event(whole: string): void {
    const { data, hasOther } = parseEvent(whole);
    if (data === "[DONE]") {
      this.done = true;
      return;
    }
    if (hasOther) this.#rewritten = true;
    if (data === undefined) {
      this.#queue(hasOther ? KEEP_ALIVE : whole, []);
      return;
    }
    const raw = hasOther ? renderEvent(whole, data) : whole;
    const chunk = this.#parse(data);
    if (chunk === undefined) {
      this.#queue(raw, []);
      return;
    }
    const notes = readChunk(chunk);
    if (notes.failed) this.failed = true;
    if (notes.usage !== undefined) this.usage = notes.usage;
    const shown = notes.rest.length === 0 || !this.#screen.active ? raw : this.#sweepRest(raw, chunk, notes);
    if (shown !== raw) this.#rewritten = true;
    const stretches = notes.pieces.map((piece) => this.#stretch(this.#channel(piece), piece.path, piece.text));
    this.#queue(shown, stretches);
    const [only] = notes.pieces;
    if (only !== undefined && notes.pieces.length === 1 && notes.rest.length === 0 && !hasOther)
      this.#learn(whole, only);
  }

  /** @throws Error when the data are not JSON and there are rules. */
  #parse(data: string): unknown {
    try {
      return JSON.parse(utf8(data));
    } catch (error) {
      if (!this.#screen.active) return undefined;
      throw new Error("an event of a stream is not JSON in UTF-8", {
        cause: error instanceof SyntaxError ? undefined : error,
      });
    }
  }

  #learn(raw: string, piece: Piece): void {
    this.#misses += 1;
    if (this.#misses <= this.#patience) return;
    this.#misses = 0;
    this.#patience = Math.min(MOST_PATIENCE, this.#patience * 2 + 1);
    const template = templateOf(raw, piece);
    if (template !== undefined) this.#template = { template, channel: this.#channel(piece) };
  }

  /** Screens the parts of an event that belong to no running text. @returns the event to send. */
  #sweepRest(raw: string, chunk: unknown, { rest }: ChunkNotes): string {
    const sweep = new Sweep(this.#screen, true);
    let changed = false;
    for (const path of rest) {
      const value = valueAt(chunk, path);
      const screened = sweep.value(value, String(path[path.length - 1] ?? ""));
      if (screened === value) continue;
      setAt(chunk, path, screened);
      changed = true;
    }
    this.#note(sweep.hits);
    return changed ? renderEvent(raw, bytes(JSON.stringify(chunk))) : raw;
  }

  #channel({ channel, choice, json }: Piece): Channel {
    let known = this.#channels.get(channel);
    if (known === undefined) {
      known = new Channel(this.#screen, choice, json);
      this.#channels.set(channel, known);
    }
    return known;
  }

  #stretch(channel: Channel, path: Piece["path"], text: string): Stretch {
    const from = channel.arrived;
    channel.append(text);
    this.#dirty.add(channel);
    return { channel, path, from, to: channel.arrived };
  }

  #queue(raw: string, stretches: readonly Stretch[]): void {
    this.#waiting.push({ raw, stretches });
  }

  /** Screens what is new and lets go what is final. `all`: nothing follows. */
  #release(all: boolean): string {
    for (const channel of all ? this.#channels.values() : this.#dirty) {
      const spans = channel.scan(all);
      if (spans.length > 0) this.#note(this.#screen.hits(spans));
    }
    if (!all && this.#channels.size > 1) this.#interrupt();
    this.#dirty.clear();
    if (this.blocked !== undefined) {
      this.#waiting = [];
      return "";
    }
    let out = "";
    let count = 0;
    for (const { raw, stretches } of this.#waiting) {
      if (!all && stretches.some(({ channel, to }) => to > channel.settled)) break;
      out += this.#shown(raw, stretches);
      count += 1;
    }
    this.#waiting = count === this.#waiting.length ? [] : this.#waiting.slice(count);
    return out;
  }

  /** Texts that stopped because their choice goes on with another. */
  #interrupt(): void {
    const choices = new Set<string>();
    for (const { choice } of this.#dirty) choices.add(choice);
    for (const channel of this.#channels.values()) {
      if (!this.#dirty.has(channel) && choices.has(channel.choice) && channel.settled < channel.arrived)
        channel.interrupt();
    }
  }

  /** The event as it leaves: itself, or written anew when a match lies in it. */
  #shown(raw: string, stretches: readonly Stretch[]): string {
    let chunk: unknown;
    for (const { channel, path, from, to } of stretches) {
      if (channel.isTouched(from, to)) {
        chunk ??= JSON.parse(utf8(parseEvent(raw).data ?? ""));
        setAt(chunk, path, channel.redacted(from, to));
        dropLogprobs(chunk, path);
      }
      channel.left(to);
    }
    if (chunk === undefined) return raw;
    this.#rewritten = true;
    return renderEvent(raw, bytes(JSON.stringify(chunk)));
  }

  #note(hits: readonly Hit[]): void {
    this.#hits.add(hits);
    this.blocked ??= hits.find(({ action }) => action === "block")?.rule;
  }
}

/** The log probabilities of a choice spell its text out token by token. */
function dropLogprobs(chunk: unknown, [choices, position]: readonly (string | number)[]): void {
  const choice = valueAt(chunk, [choices ?? "", position ?? 0]) as Record<string, unknown>;
  if (choice["logprobs"]) choice["logprobs"] = null;
}
