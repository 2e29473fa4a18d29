import { readFileSync } from "node:fs";
import { Pool } from "undici";

/** An answer, its body as text. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

const CONNECT_MS = 10_000;
/** How long a target may think about a batch. */
const ANSWER_MS = 60_000;
/** A longer answer is no answer of the protocols spoken here; it is cut, and what is read of it then fails. */
const MAX_ANSWER_BYTES = 8_388_608;

/** Posts batches to one server, over one connection: a batch is sent when the one before is answered. */
export class HttpPoster {
  readonly #pool: Pool;
  readonly #path: string;

  /** @param path below the path of the URL */
  constructor(url: string, path: string, caFile: string | undefined) {
    const { origin, pathname } = new URL(url);
    const ca = caFile === undefined ? {} : { ca: readFileSync(caFile) };
    this.#pool = new Pool(origin, {
      connections: 1,
      pipelining: 1,
      connect: { timeout: CONNECT_MS, ...ca },
      headersTimeout: ANSWER_MS,
      bodyTimeout: ANSWER_MS,
    });
    this.#path = pathname.replace(/\/+$/, "") + path;
  }

  async post(headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<Answer> {
    const answer = await this.#pool.request({ method: "POST", path: this.#path, headers, body, signal });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= MAX_ANSWER_BYTES) chunks.push(chunk);
    }
    return { status: answer.statusCode, body: Buffer.concat(chunks).toString("utf8") };
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}
