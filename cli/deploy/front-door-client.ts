import { readFileSync } from "node:fs";
import { refuse } from "@breakwater/runtime/problems";

/** An answer of the front door, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** The reply of a chat completion, as far as it is read here. */
interface ChatCompletion {
  readonly choices?: readonly { readonly message?: { readonly content?: string | null } }[];
}

/** How long a cell may take for its first turn while everything on the node starts. */
const FIRST_REPLY_MS = 120_000;
const RETRY_MS = 1000;
/** No connection yet, a cell that starts, a key made just now: pods see a changed Secret within 90 s. */
const STARTING: ReadonlySet<number> = new Set([0, 401, 502, 503]);

/** Talks to the front door as a person's client would. */
export class FrontDoorClient {
  readonly #address: string;
  readonly #key: string;

  constructor(address: string, key: string) {
    this.#address = address;
    this.#key = key;
  }

  static fromKeyFile(address: string, file: string): FrontDoorClient {
    return new FrontDoorClient(address, readFileSync(file, "utf8").trim());
  }

  /** @param init.method what the request is; without it GET, or POST where there is a body. */
  async request(
    path: string,
    init: { method?: "DELETE" | "PATCH" | "POST"; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.#address}${path}`, {
      method: init.method ?? (init.body === undefined ? "GET" : "POST"),
      headers: {
        authorization: `Bearer ${this.#key}`,
        ...(init.body === undefined ? {} : { "content-type": "application/json" }),
        ...init.headers,
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) };
  }

  /** One turn. A conversation keeps its session; without one each turn is its own. */
  async chat(text: string, options: { conversation?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
    const { conversation, headers } = options;
    return this.request("/v1/chat/completions", {
      body: { model: "openclaw/default", messages: [{ role: "user", content: text }] },
      headers: { ...headers, ...(conversation === undefined ? {} : { "x-conversation-id": conversation }) },
    });
  }

  /**
   * The text of a turn, asked again while the answer is that something is still starting.
   *
   * @throws ProblemError `front-door/no-reply` with the last answer.
   */
  async firstReply(text: string): Promise<string> {
    const deadline = Date.now() + FIRST_REPLY_MS;
    for (;;) {
      const answer = await this.chat(text).catch((error: unknown) => ({ status: 0, body: connectionError(error) }));
      const reply = replyText(answer.body);
      if (answer.status === 200 && reply !== "") return reply;
      if (!STARTING.has(answer.status) || Date.now() > deadline) {
        refuse({
          code: "front-door/no-reply",
          path: `${this.#address}/v1/chat/completions`,
          got: `status ${answer.status}, ${JSON.stringify(answer.body).slice(0, 300)}`,
          expected: "status 200 with a reply",
          remedy: "look at `npx breakwater status`, then at the pods' logs",
        });
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** What the assistant said; empty when the answer is no chat completion. */
export function replyText(body: unknown): string {
  return (body as ChatCompletion | undefined)?.choices?.[0]?.message?.content ?? "";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Why there was no answer: undici hides the reason of a refused connection one level down. */
export function connectionError(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
