import { readFile } from "node:fs/promises";
import { request } from "undici";

/** The time that one delivery may take, in ms: the router answers when the records are durable. */
const DELIVER_TIMEOUT_MS = 30_000;

/**
 * Hands tool calls to the model router with the tenant's router key, read anew each time.
 *
 * @returns undefined on 200; otherwise why not, without anything of the answer's text.
 */
export async function deliverToolCalls(
  routerUrl: string,
  routerKeyFile: string,
  body: string,
): Promise<string | undefined> {
  const key = (await readFile(routerKeyFile, "utf8")).trim();
  const { statusCode, body: answer } = await request(new URL("/v1/audit/tool-calls", routerUrl), {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body,
    signal: AbortSignal.timeout(DELIVER_TIMEOUT_MS),
  });
  await answer.dump();
  return statusCode === 200 ? undefined : `the model router answered ${statusCode}`;
}
