import { jsonOrUndefined } from "../json/index.ts";
import { AuditRecord, type Link } from "./record.ts";
import { hashOf, SEAL_BYTES } from "./text.ts";

/** What is wrong with a line. */
export interface LineFault {
  readonly code: "bad-json" | "bad-shape" | "hash" | "chain" | "sequence" | "time" | "writer";
  readonly message: string;
  /** The number that the line gives itself, where it can be read. */
  readonly seq: number | undefined;
}

/** What a line says about its place, its shape being right. */
interface Place extends Link {
  readonly writer: string;
  readonly kind: string;
  readonly prev: string;
}

const TEXT = '"[^"\\\\\\x00-\\x1f]*(?:\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\\\\x00-\\x1f]*)*"';
const NAME = `(?:null|${TEXT})`;
const COUNT = "(?:0|[1-9]\\d{0,15})";
const MAYBE = `(?:null|${COUNT})`;
const TIME = "\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}Z";
const HASH = "[0-9a-f]{64}";

/**
 * The shape of {@link AuditRecord} as one expression over a line, with its fields in their fixed order: three times as
 * fast as parsing the JSON, which decides whether a million records take five seconds. A test holds both to each other.
 */
const LINE = new RegExp(
  `^\\{"v":1,"seq":([1-9]\\d{0,15}),"time":"(${TIME})","writer":"([A-Za-z0-9._-]+)",` +
    `"kind":"(request|model|tool|admin|system)","tenant":${NAME},"principal":${NAME},"role":${NAME},"action":${TEXT},` +
    `"decision":"(?:allow|deny)","code":${TEXT},"status":${MAYBE},"rules":\\[(?:${TEXT}(?:,${TEXT})*)?\\],` +
    `"agent":${NAME},"model":${NAME},"provider":${NAME},"conversation":${NAME},"tokens_in":${MAYBE},` +
    `"tokens_out":${MAYBE},"cost_micro_usd":${MAYBE},"target":${NAME},"duration_ms":${COUNT},"trace_id":${NAME},` +
    `"content":(?:null|\\{"request":${NAME},"reply":${NAME}\\}),"prev":"(${HASH})","hash":"(${HASH})"\\}$`,
);

/** Longer lines carry content; on those the expression would need much memory and JSON.parse is as fast. */
const EXPRESSION_MAX_BYTES = 65_536;
const FIELDS = Object.keys(AuditRecord.shape).join();

/** Reads what a line says of its place; undefined when it has not the shape of a record. Does not check its hash. */
export function placeOf(line: Buffer): Place | undefined {
  if (line.length > EXPRESSION_MAX_BYTES) return placeOfLong(line);
  // Latin-1 keeps every byte apart at no cost; only ASCII is looked at.
  const match = LINE.exec(line.toString("latin1"));
  if (match === null) return undefined;
  const [, seq = "", time = "", writer = "", kind = "", prev = "", hash = ""] = match;
  return { seq: Number(seq), time, writer, kind, prev, hash };
}

/** Checks that lines are one writer's records, whole, in order, and each linked to the one before. */
export class ChainCheck {
  readonly #writer: string;
  #link: Link;

  constructor(writer: string, after: Link) {
    this.#writer = writer;
    this.#link = after;
  }

  /** The last good record. */
  get link(): Link {
    return this.#link;
  }

  /** Checks the next line. @returns its kind when it is good; then it is the new end of the chain. */
  push(line: Buffer): string | LineFault {
    const place = placeOf(line);
    if (place === undefined) return unreadable(line);
    const { seq, time, writer, prev, hash, kind } = place;
    const fault = (code: LineFault["code"], message: string): LineFault => ({ code, message, seq });
    if (hashOf(line.subarray(0, -SEAL_BYTES)) !== hash) return fault("hash", "the record does not fit its hash");
    if (writer !== this.#writer) return fault("writer", `the record is of writer ${writer}`);
    if (seq !== this.#link.seq + 1) return fault("sequence", `seq is ${seq}, expected ${this.#link.seq + 1}`);
    if (prev !== this.#link.hash) return fault("chain", "prev is not the hash of the record before");
    if (time < this.#link.time) return fault("time", `time runs backwards, from ${this.#link.time} to ${time}`);
    this.#link = place;
    return kind;
  }
}

function unreadable(line: Buffer): LineFault {
  const value = jsonOrUndefined(line.toString("utf8"));
  if (typeof value !== "object" || value === null) {
    return { code: "bad-json", message: "the line is no JSON object", seq: undefined };
  }
  const seq = "seq" in value && typeof value.seq === "number" ? value.seq : undefined;
  return { code: "bad-shape", message: "the line has not the fields of a record in their order", seq };
}

function placeOfLong(line: Buffer): Place | undefined {
  const text = line.toString("utf8");
  const { data } = AuditRecord.safeParse(jsonOrUndefined(text));
  // The text must be the one that the writer makes: no spaces, fields in their order, nothing twice.
  if (data === undefined || Object.keys(data).join() !== FIELDS || JSON.stringify(data) !== text) return undefined;
  return data;
}
