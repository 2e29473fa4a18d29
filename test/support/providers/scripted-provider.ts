import http from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a provider got it. */
export interface SeenRequest {
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

/** What a provider does with one request. */
export type Script = (response: http.ServerResponse, request: SeenRequest) => void;

/**
 * A model provider that does what a test says: a STAND-IN on loopback. What it does not prove: that a real provider
 * behaves so.
 */
export class ScriptedProvider {
  readonly seen: SeenRequest[] = [];
  script: Script = says("hello");
  readonly #server: http.Server;

  private constructor() {
    this.#server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = JSON.parse(Buffer.concat(chunks).toString("utf8"));
        const seen = { url: request.url ?? "", headers: request.headers, body };
        this.seen.push(seen);
        this.script(response, seen);
      });
      request.on("error", () => {});
      response.on("error", () => {});
    });
  }

  static async start(): Promise<ScriptedProvider> {
    const provider = new ScriptedProvider();
    await new Promise<void>((resolve) => provider.#server.listen(0, "127.0.0.1", resolve));
    return provider;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  reset(): void {
    this.seen.length = 0;
    this.script = says("hello");
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } as const;

/** A whole completion. */
export function completion(content: string | null, extra: object = {}): Record<string, unknown> {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: USAGE,
    ...extra,
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Script {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return (response) => void response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
}

/** One event of a stream. */
export function event(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

export function chunk(delta: object, finish_reason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason }];
  return event({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "m", choices });
}

export const USAGE_EVENT = event({ id: "chatcmpl-1", object: "chat.completion.chunk", choices: [], usage: USAGE });
export const DONE = "data: [DONE]\n\n";

/** All events of a stream that says something. */
export function stream(...pieces: readonly string[]): string {
  const said = pieces.map((content) => chunk({ content })).join("");
  return `${chunk({ role: "assistant", content: "" })}${said}${chunk({}, "stop")}${USAGE_EVENT}${DONE}`;
}

export function sse(events: string): Script {
  return (response) => void response.writeHead(200, { "content-type": "text/event-stream" }).end(events);
}

/** Answers whole or as a stream, as it was asked. */
export function says(content: string): Script {
  return (response, request) => {
    const script = request.body["stream"] === true ? sse(stream(content)) : json(200, completion(content));
    script(response, request);
  };
}
