import { hash } from "node:crypto";
import { jsonOrUndefined } from "../json/index.ts";
import { type AuditEntry, AuditRecord } from "./record.ts";

/** What follows the hashed part of a line: `,"hash":"<64 hex>"}`. */
export const SEAL_BYTES = 75;

/** Names and ids longer than this are cut: a client may send a model name of a megabyte. */
const MAX_NAME_LENGTH = 1024;

const NEEDS_ESCAPE = /[^ !#-[\]-~]/;

/** What of a record's text stays the same from one record to the next, as a rule: built again when it does not. */
interface Kept {
  time: string;
  kind: string;
  /** `,"time":...` up to the value of `tenant`. */
  begin: string;
  role: string | null;
  action: string;
  decision: string;
  code: string;
  status: number | null;
  /** `,"role":...` up to the empty rules. */
  act: string;
  agent: string | null;
  model: string | null;
  provider: string | null;
  /** `,"agent":...` up to the value of `conversation`. */
  answerer: string;
}

/**
 * Writes records' JSON text up to the hash, by hand: this is on the path of every request, and JSON.stringify of the same
 * object takes six times as long. A writer's records share most of what stands between the ids.
 */
export class RecordText {
  readonly #writer: string;
  readonly #kept: Kept = {
    ...{ time: "", kind: "", begin: "" },
    ...{ role: null, action: "", decision: "", code: "", status: null, act: "" },
    ...{ agent: null, model: null, provider: null, answerer: "" },
  };

  constructor(writer: string) {
    this.#writer = writer;
  }

  /** @throws TypeError for a number that is no count: a line that nobody can read back must not be written. */
  of(entry: AuditEntry, seq: number, time: string, prev: string): string {
    return `{"v":1,"seq":${seq}${this.#begin(entry, time)}${name(entry.tenant)},"principal":${name(entry.principal)}${this.#act(entry)}${this.#answerer(entry)}${name(entry.conversation)},"tokens_in":${count(entry.tokens_in)},"tokens_out":${count(entry.tokens_out)},"cost_micro_usd":${count(entry.cost_micro_usd)},"target":${name(entry.target)},"duration_ms":${count(Math.max(0, Math.round(entry.duration_ms)))},"trace_id":${name(entry.trace_id)},"content":${content(entry)},"prev":"${prev}"`;
  }

  #begin({ kind }: AuditEntry, time: string): string {
    const kept = this.#kept;
    if (kept.time !== time || kept.kind !== kind) {
      kept.begin = flat(`,"time":"${time}","writer":"${this.#writer}","kind":"${kind}","tenant":`);
      kept.time = time;
      kept.kind = kind;
    }
    return kept.begin;
  }

  #act({ role, action, decision, code, status, rules }: AuditEntry): string {
    const kept = this.#kept;
    const same =
      kept.role === role &&
      kept.action === action &&
      kept.decision === decision &&
      kept.code === code &&
      kept.status === status &&
      kept.act !== "";
    if (same && rules.length === 0) return kept.act;
    const act = `,"role":${name(role)},"action":${name(action)},"decision":"${decision}","code":${name(code)},"status":${count(status)},"rules":${list(rules)}`;
    if (rules.length > 0) return act;
    Object.assign(kept, { role, action, decision, code, status, act: flat(act) });
    return act;
  }

  #answerer({ agent, model, provider }: AuditEntry): string {
    const kept = this.#kept;
    if (kept.agent !== agent || kept.model !== model || kept.provider !== provider || kept.answerer === "") {
      kept.answerer = flat(
        `,"agent":${name(agent)},"model":${name(model)},"provider":${name(provider)},"conversation":`,
      );
      Object.assign(kept, { agent, model, provider });
    }
    return kept.answerer;
  }
}

/** The end of a line, once the text before it is hashed. */
export function sealText(hashHex: string): string {
  return `,"hash":"${hashHex}"}\n`;
}

/** SHA-256, hex, of a line's bytes up to its seal. */
export function hashOf(bytes: Buffer): string {
  return hash("sha256", bytes, "hex");
}

/** One line as a record, or undefined when it is none. Does not check its hash. */
export function parseLine(line: string): AuditRecord | undefined {
  return AuditRecord.safeParse(jsonOrUndefined(line)).data;
}

/** The same text in one piece: the engine keeps joined strings as trees, and would walk this one for each record. */
function flat(text: string): string {
  return Buffer.from(text).toString();
}

function name(text: string | null): string {
  if (text === null) return "null";
  const short = text.length > MAX_NAME_LENGTH ? `${text.slice(0, MAX_NAME_LENGTH)}…` : text;
  return NEEDS_ESCAPE.test(short) ? JSON.stringify(short) : `"${short}"`;
}

function count(value: number | null): string {
  if (value === null) return "null";
  if (Number.isSafeInteger(value) && value >= 0) return String(value);
  throw new TypeError("a number of an audit entry is no whole number from 0 on");
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "[]" : `[${names.map(name).join(",")}]`;
}

function content({ content: kept }: AuditEntry): string {
  if (kept === null) return "null";
  return JSON.stringify({ request: kept.request, reply: kept.reply });
}
