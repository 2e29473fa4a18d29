import { chunk, completion, event, json, type Script, sse, stream } from "./scripted-provider.ts";

/** What a fault costs: nothing, or all that was reserved. */
export type Bill = "nothing" | "worst";

/** A way in which a provider fails before it has said anything. */
export interface Fault {
  readonly name: string;
  readonly script: Script;
  /** The code that the cell gets when no other provider answers. */
  readonly code: string;
  readonly bill: Bill;
  /** Whether another provider is asked. */
  readonly next: boolean;
}

/** Nothing is ever answered: the router's own limit ends it. */
const SILENCE: Script = () => {};

const RESET: Script = (response) => void response.socket?.resetAndDestroy();

/** One byte now and nothing more. */
const SLOW_LORIS: Script = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
  response.write("{");
};

const ENDLESS: Script = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const piece = Buffer.alloc(1_048_576, " ");
  const write = (): void => {
    while (!response.destroyed) if (!response.write(piece)) return void response.once("drain", write);
  };
  write();
};

function status(code: number, headers: Record<string, string> = {}): Script {
  return json(code, { error: { message: "said by the provider", type: "t", code: "c", param: null } }, headers);
}

function cut(body: string, contentType: string): Script {
  return (response) => {
    response.writeHead(200, { "content-type": contentType, "content-length": "100000" });
    response.write(body, () => response.socket?.destroy());
  };
}

const next = true;

/** Faults of both kinds of request. */
export const FAULTS: readonly Fault[] = [
  { name: "500", script: status(500), code: "provider/failed", bill: "nothing", next },
  { name: "501", script: status(501), code: "provider/failed", bill: "nothing", next },
  {
    name: "503 with a long Retry-After",
    script: status(503, { "retry-after": "60" }),
    code: "provider/failed",
    bill: "nothing",
    next,
  },
  { name: "529 (overloaded)", script: status(529), code: "provider/failed", bill: "nothing", next },
  { name: "502 of a proxy", script: status(502), code: "provider/failed", bill: "worst", next },
  { name: "504 of a proxy", script: status(504), code: "provider/failed", bill: "worst", next },
  { name: "429", script: status(429), code: "provider/rate-limited", bill: "nothing", next },
  {
    name: "429 with a long Retry-After",
    script: status(429, { "retry-after": "600" }),
    code: "provider/rate-limited",
    bill: "nothing",
    next,
  },
  { name: "408", script: status(408), code: "provider/timeout", bill: "nothing", next },
  { name: "401", script: status(401), code: "provider/refused-key", bill: "nothing", next },
  { name: "402", script: status(402), code: "provider/refused-key", bill: "nothing", next },
  { name: "403", script: status(403), code: "provider/refused-key", bill: "nothing", next },
  {
    name: "a redirect",
    script: json(307, "", { location: "http://127.0.0.1:1/v1" }),
    code: "provider/failed",
    bill: "nothing",
    next,
  },
  { name: "400", script: status(400), code: "provider/rejected-request", bill: "nothing", next: false },
  { name: "404", script: status(404), code: "provider/rejected-request", bill: "nothing", next: false },
  { name: "413", script: status(413), code: "provider/rejected-request", bill: "nothing", next: false },
  { name: "422", script: status(422), code: "provider/rejected-request", bill: "nothing", next: false },
  { name: "no answer at all", script: SILENCE, code: "provider/timeout", bill: "worst", next },
  { name: "a reset before the head", script: RESET, code: "provider/failed", bill: "worst", next },
  {
    name: "a page instead of an answer",
    script: (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
    code: "provider/invalid-reply",
    bill: "worst",
    next,
  },
  {
    name: "no content type",
    script: (response) => void response.writeHead(200).end("{}"),
    code: "provider/invalid-reply",
    bill: "worst",
    next,
  },
  {
    name: "an error that never ends",
    script: (response) => void response.writeHead(500, { "content-type": "application/json" }).write("{"),
    code: "provider/timeout",
    bill: "worst",
    next,
  },
  {
    name: "an error that is cut",
    script: (response) =>
      void response.writeHead(500, { "content-length": "100" }).write("{", () => response.socket?.destroy()),
    code: "provider/failed",
    bill: "nothing",
    next,
  },
];

/** Faults of whole answers. */
export const WHOLE_FAULTS: readonly Fault[] = [
  { name: "an event stream", script: sse(stream("x")), code: "provider/invalid-reply", bill: "worst", next },
  { name: "no JSON", script: json(200, "{"), code: "provider/invalid-reply", bill: "worst", next },
  {
    name: "JSON that is no completion",
    script: json(200, { ok: true }),
    code: "provider/invalid-reply",
    bill: "worst",
    next,
  },
  {
    name: "no choices",
    script: json(200, completion("x", { choices: [] })),
    code: "provider/invalid-reply",
    bill: "worst",
    next,
  },
  {
    name: "choices of another shape",
    script: json(200, completion("x", { choices: [{ text: "x" }] })),
    code: "provider/invalid-reply",
    bill: "worst",
    next,
  },
  {
    name: "an answer that is cut",
    script: cut('{"choices":[', "application/json"),
    code: "provider/broken-reply",
    bill: "worst",
    next,
  },
  { name: "a byte and then nothing", script: SLOW_LORIS, code: "provider/timeout", bill: "worst", next },
  { name: "an endless answer", script: ENDLESS, code: "provider/oversize-reply", bill: "worst", next },
];

/** Faults of streams before the model says something. */
export const STREAM_FAULTS: readonly Fault[] = [
  { name: "a whole answer", script: json(200, completion("x")), code: "provider/invalid-reply", bill: "worst", next },
  {
    name: "an error event first",
    script: sse(event({ error: { message: "no" } })),
    code: "provider/failed",
    bill: "worst",
    next,
  },
  {
    name: "a cut after the role",
    script: cut(chunk({ role: "assistant", content: "" }), "text/event-stream"),
    code: "provider/broken-reply",
    bill: "worst",
    next,
  },
  {
    name: "an end after the role without [DONE]",
    script: sse(chunk({ role: "assistant", content: "" })),
    code: "provider/broken-reply",
    bill: "worst",
    next,
  },
  { name: "an empty stream", script: sse(""), code: "provider/broken-reply", bill: "worst", next },
  {
    name: "the role and then nothing",
    script: (response) =>
      void response.writeHead(200, { "content-type": "text/event-stream" }).write(chunk({ role: "assistant" })),
    code: "provider/timeout",
    bill: "worst",
    next,
  },
  {
    name: "an endless event",
    script: (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const piece = Buffer.alloc(262_144, "x");
      const write = (): void => {
        while (!response.destroyed) if (!response.write(piece)) return void response.once("drain", write);
      };
      write();
    },
    code: "provider/oversize-reply",
    bill: "worst",
    next,
  },
];

const SPOKEN = chunk({ role: "assistant", content: "" }) + chunk({ content: "said already" });

/** Faults after something was passed on: no other provider may answer. */
export const LATE_FAULTS: readonly Omit<Fault, "next">[] = [
  { name: "a cut", script: cut(SPOKEN, "text/event-stream"), code: "provider/broken-reply", bill: "worst" },
  { name: "an end without [DONE]", script: sse(SPOKEN), code: "provider/broken-reply", bill: "worst" },
  {
    name: "an error event",
    script: (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(SPOKEN, () => setImmediate(() => response.end(event({ error: { message: "overloaded" } }))));
    },
    code: "provider/failed",
    bill: "worst",
  },
  {
    name: "silence",
    script: (response) => void response.writeHead(200, { "content-type": "text/event-stream" }).write(SPOKEN),
    code: "provider/timeout",
    bill: "worst",
  },
  {
    name: "a stream without end",
    script: (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const piece = chunk({ content: "x".repeat(10_000) });
      const write = (): void => {
        while (!response.destroyed) if (!response.write(piece)) return void response.once("drain", write);
      };
      write();
    },
    code: "provider/oversize-reply",
    bill: "worst",
  },
  {
    name: "a reset",
    script: (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(SPOKEN, () => setImmediate(() => response.socket?.resetAndDestroy()));
    },
    code: "provider/broken-reply",
    bill: "worst",
  },
];
