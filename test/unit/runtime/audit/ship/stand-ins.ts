import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ShippedRecord } from "../../../../../runtime/audit/ship/target.ts";

/** A request as a stand-in got it. */
export interface Got {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A stand-in for a server of the real thing, which is not there in tests: it speaks the documented protocol and no more. */
export async function standIn(answer: (got: Got) => { status: number; body: unknown }): Promise<{
  readonly url: string;
  readonly got: readonly Got[];
  close(): Promise<void>;
}> {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const each = { path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString() };
      got.push(each);
      const { status, body } = answer(each);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, got, close };
}

/** A file with a secret in it. */
export function secretFile(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "audit-secret-")), "secret");
  writeFileSync(path, `${text}\n`);
  return path;
}

/** Records numbered from 1. */
export function shippedRecords(count: number): readonly ShippedRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const seq = index + 1;
    const hash = String(seq).padStart(64, "0");
    const facts = { writer: "w1", seq, time: "2026-03-01T00:00:00.250Z", hash, kind: "request", decision: "allow" };
    return { ...facts, text: JSON.stringify({ v: 1, ...facts, note: "한국어" }) };
  });
}
