/** One text of one event: which of the reply's texts it belongs to, and where it stands in the event. */
export interface Piece {
  /** Pieces of one channel make one text. */
  readonly channel: string;
  /** Pieces of one choice are of one writer. */
  readonly choice: string;
  readonly text: string;
  /** The keys that lead to it. */
  readonly path: readonly (string | number)[];
  /** The text is JSON. */
  readonly json: boolean;
}

/** What an event says besides. */
export interface ChunkNotes {
  readonly failed: boolean;
  readonly usage: { readonly tokensIn: number; readonly tokensOut: number; readonly cachedIn: number } | undefined;
  readonly pieces: readonly Piece[];
  /** Whether it has other parts that must be screened by themselves. */
  readonly rest: readonly (readonly (string | number)[])[];
}

type Fields = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** Not text: names and marks of the protocol, which the model server sets. */
const PROTOCOL = new Set([
  "role",
  "id",
  "type",
  "index",
  "finish_reason",
  "native_finish_reason",
  "stop_reason",
  "logprobs",
]);
const ENVELOPE = new Set(["id", "object", "created", "model", "system_fingerprint", "service_tier", "obfuscation"]);

/** Takes one chunk of a chat completion apart. */
export function readChunk(chunk: unknown): ChunkNotes {
  const pieces: Piece[] = [];
  const rest: Path[] = [];
  if (!isFields(chunk)) return { failed: false, usage: undefined, pieces, rest: [[]] };
  for (const key of Object.keys(chunk)) {
    const value = chunk[key];
    if (ENVELOPE.has(key) || typeof value === "number" || value === null) continue;
    if (key === "usage") continue;
    if (key === "choices" && Array.isArray(value)) readChoices(value, pieces, rest);
    else rest.push([key]);
  }
  const error = chunk["error"];
  return { failed: error !== undefined && error !== null, usage: usageOf(chunk["usage"]), pieces, rest };
}

function readChoices(choices: readonly unknown[], pieces: Piece[], rest: Path[]): void {
  for (const [position, choice] of choices.entries()) {
    const path: Path = ["choices", position];
    if (!isFields(choice)) {
      rest.push(path);
      continue;
    }
    const name = String(choice["index"] ?? position);
    for (const key of Object.keys(choice)) {
      const value = choice[key];
      if (PROTOCOL.has(key) || value === null) continue;
      if (key === "delta" && isFields(value)) readDelta(value, name, [...path, key], pieces, rest);
      else if (typeof value === "string") pieces.push(piece(`${name}/${key}`, name, value, [...path, key]));
      else if (typeof value === "object") rest.push([...path, key]);
    }
  }
}

function readDelta(delta: Fields, choice: string, path: Path, pieces: Piece[], rest: Path[]): void {
  for (const key of Object.keys(delta)) {
    const value = delta[key];
    if (PROTOCOL.has(key) || value === null) continue;
    if (typeof value === "string") pieces.push(piece(`${choice}/delta/${key}`, choice, value, [...path, key]));
    else if (key === "tool_calls" && Array.isArray(value)) {
      for (const [position, call] of value.entries())
        readCall(call, choice, position, [...path, key, position], pieces, rest);
    } else if (key === "function_call" && isFields(value)) {
      readFunction(value, `${choice}/function_call`, choice, [...path, key], pieces, rest);
    } else if (typeof value === "object") rest.push([...path, key]);
  }
}

function readCall(call: unknown, choice: string, position: number, path: Path, pieces: Piece[], rest: Path[]): void {
  if (!isFields(call)) {
    rest.push(path);
    return;
  }
  const channel = `${choice}/tool_calls/${String(call["index"] ?? position)}`;
  for (const key of Object.keys(call)) {
    const value = call[key];
    if (PROTOCOL.has(key) || value === null) continue;
    if (isFields(value)) readFunction(value, `${channel}/${key}`, choice, [...path, key], pieces, rest);
    else rest.push([...path, key]);
  }
}

function readFunction(of: Fields, channel: string, choice: string, path: Path, pieces: Piece[], rest: Path[]): void {
  for (const key of Object.keys(of)) {
    const value = of[key];
    if (typeof value === "string" && key !== "name") {
      pieces.push({ ...piece(`${channel}/${key}`, choice, value, [...path, key]), json: key === "arguments" });
    } else if (value !== null) rest.push([...path, key]);
  }
}

function piece(channel: string, choice: string, text: string, path: Path): Piece {
  return { channel, choice, text, path, json: false };
}

function usageOf(usage: unknown): ChunkNotes["usage"] {
  if (!isFields(usage)) return undefined;
  const details = usage["prompt_tokens_details"];
  return {
    tokensIn: countOf(usage["prompt_tokens"]),
    tokensOut: countOf(usage["completion_tokens"]),
    cachedIn: isFields(details) ? countOf(details["cached_tokens"]) : 0,
  };
}

function countOf(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands at a path. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) value = (value as Readonly<Record<string | number, unknown>>)[key];
  return value;
}

/** Puts a value at a path of a freshly parsed root. */
export function setAt(root: unknown, path: Path, value: unknown): void {
  const last = path[path.length - 1];
  if (last === undefined) throw new Error("a chunk cannot be replaced as a whole");
  (valueAt(root, path.slice(0, -1)) as Record<string | number, unknown>)[last] = value;
}
