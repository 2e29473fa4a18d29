import { readFile } from "node:fs/promises";
import { type Dispatcher, request } from "undici";

/** The time that one delivery may take, in ms: the router answers when the records are durable. */
const DELIVER_TIMEOUT_MS = 30_000;

/** The model router as a cell knows it. */
export interface RouterAddress {
  readonly url: string;
  readonly keyFile: string;
  /** Connections that trust the router's certificate. */
  readonly dispatcher: Dispatcher;
}

/**
 * Hands tool calls to the model router with the tenant's router key, read anew each time.
 *
 * @returns undefined on 200; otherwise why not, without anything of the answer's text.
 */
export async function deliverToolCalls(
  { url, keyFile, dispatcher }: RouterAddress,
  body: string,
): Promise<string | undefined> {
  const key = (await readFile(keyFile, "utf8")).trim();
  const { statusCode, body: answer } = await request(new URL("/v1/audit/tool-calls", url), {
    dispatcher,
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body,
    signal: AbortSignal.timeout(DELIVER_TIMEOUT_MS),
  });
  await answer.dump();
  return statusCode === 200 ? undefined : `the model router answered ${statusCode}`;
}
