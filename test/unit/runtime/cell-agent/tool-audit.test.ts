import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  appendToolAudit,
  MAX_WAITING_FILES,
  removeDelivered,
} from "../../../../runtime/cell/plugins/cell-guard/tool-audit.ts";
import { deliverToolCalls } from "../../../../runtime/cell-agent/router-client.ts";
import { type Cursor, MAX_BATCH_LINES, nextBatch } from "../../../../runtime/cell-agent/tool-audit-files.ts";
import { IDLE_MS, LONGEST_RETRY_MS, shipToolAudit } from "../../../../runtime/cell-agent/tool-audit-shipper.ts";
import { clientTls, serverTls } from "../../../../runtime/transport/tls.ts";
import { trusting } from "../../../../runtime/transport/trusting.ts";
import { TestTransport } from "../../../support/transport.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "breakwater-tool-audit-"));
  file = join(folder, "logs/tool-audit.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

const ids = (lines: readonly string[]): number[] => lines.map((line) => JSON.parse(line).id);

describe("the tool audit", () => {
  test("is set aside when it is large, under the next number", () => {
    for (let id = 0; id < 5; id += 1) appendToolAudit(file, { id }, 16);
    expect(readdirSync(join(folder, "logs")).sort()).toEqual([
      "tool-audit.jsonl",
      "tool-audit.jsonl.1",
      "tool-audit.jsonl.2",
    ]);
  });

  test("refuses calls rather than to lose records when too much waits", () => {
    const fill = (): void => {
      for (let id = 0; id < 3 * MAX_WAITING_FILES; id += 1) appendToolAudit(file, { id }, 8);
    };
    expect(fill).toThrow(`${MAX_WAITING_FILES} files wait`);
    expect(readdirSync(join(folder, "logs"))).toHaveLength(MAX_WAITING_FILES + 1);
  });

  test("is whole again after half a line", async () => {
    appendToolAudit(file, { id: 1 });
    appendFileSync(file, '{"id":2,"to');
    appendToolAudit(file, { id: 3 });
    const { lines, damaged } = await nextBatch(file, undefined);
    expect(ids(lines)).toEqual([1, 3]);
    expect(damaged).toBe(1);
  });

  test("removes no file under a number that means another by now", async () => {
    for (let id = 0; id < 3; id += 1) appendToolAudit(file, { id }, 8);
    const cursor = (await nextBatch(file, undefined)).next;
    expect(removeDelivered(file, 1, "0".repeat(64))).toBe(false);
    expect(removeDelivered(file, 1, cursor?.first ?? "")).toBe(true);
    expect(() => removeDelivered(file, 1, cursor?.first ?? "")).toThrow("ENOENT");
  });

  test("is read in batches of bounded size", async () => {
    for (let id = 0; id < MAX_BATCH_LINES + 1; id += 1) appendToolAudit(file, { id });
    const first = await nextBatch(file, undefined);
    expect(first.lines).toHaveLength(MAX_BATCH_LINES);
    expect(ids((await nextBatch(file, first.next)).lines)).toEqual([MAX_BATCH_LINES]);
  });

  test("that does not exist yet has nothing to ship", async () => {
    expect(await nextBatch(file, undefined)).toEqual({ lines: [], damaged: 0, next: undefined, delivered: [] });
  });

  test("of which a line is endless is passed over in bounded steps", async () => {
    appendToolAudit(file, { id: 1 });
    appendFileSync(file, "x".repeat(300_000));
    let cursor = (await nextBatch(file, undefined)).next;
    appendToolAudit(file, { id: 2 });
    const seen: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const batch = await nextBatch(file, cursor);
      seen.push(...ids(batch.lines));
      cursor = batch.next;
    }
    expect(seen).toEqual([2]);
  });
});

/** What may happen between two looks at the tool audit. */
type Step = "call" | "ship" | "ship during calls" | "ship and forget" | "release";

test("no record is lost and their order is kept, whatever is set aside, removed or forgotten in between", async () => {
  const step = fc.constantFrom<Step>("call", "call", "call", "ship", "ship during calls", "ship and forget", "release");
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 60 }), async (steps, maxBytes) => {
      rmSync(join(folder, "logs"), { recursive: true, force: true });
      let written = 0;
      let cursor: Cursor | undefined;
      const seen: number[] = [];
      const ship = async (remember: boolean, release: boolean): Promise<boolean> => {
        const batch = await nextBatch(file, cursor);
        seen.push(...ids(batch.lines));
        const moved = batch.next?.first !== cursor?.first || batch.next?.offset !== cursor?.offset;
        if (remember) cursor = batch.next;
        if (release && remember) for (const { number, first } of batch.delivered) removeDelivered(file, number, first);
        return moved;
      };
      const call = (): void => {
        if (waiting() < MAX_WAITING_FILES) appendToolAudit(file, { id: written++ }, maxBytes);
      };
      for (const one of steps) {
        if (one === "call") {
          call();
          continue;
        }
        const shipped = ship(one !== "ship and forget", one === "release");
        for (let calls = 0; one === "ship during calls" && calls < 8; calls += 1) {
          await turn();
          call();
        }
        await shipped;
      }
      while (await ship(true, true));
      expect([...new Set(seen)]).toEqual(Array.from({ length: written }, (_, id) => id));
    }),
    { numRuns: 300 },
  );
}, 30_000);

function waiting(): number {
  return existsSync(join(folder, "logs")) ? readdirSync(join(folder, "logs")).length : 0;
}

/** Ships until `rounds` waits were made; the router's answers are scripted, the last one is given for good. */
async function ship(answers: readonly (string | undefined | Error)[], rounds: number, releaseFails = false) {
  const world = { bodies: [] as string[], slept: [] as number[], cursor: undefined as Cursor | undefined, released: 0 };
  await shipToolAudit({
    file,
    readCursor: async () => world.cursor,
    writeCursor: async (cursor) => {
      world.cursor = cursor;
    },
    deliver: async (body) => {
      world.bodies.push(body);
      const answer = answers[Math.min(world.bodies.length, answers.length) - 1];
      if (answer instanceof Error) throw answer;
      return answer;
    },
    release: async ({ number, first }) => {
      if (releaseFails) throw new Error("no connection");
      world.released += 1;
      removeDelivered(file, number, first);
    },
    sleep: async (ms) => {
      world.slept.push(ms);
    },
    stopped: () => world.slept.length >= rounds,
    log: () => undefined,
  });
  const delivered = world.bodies.map((body) => JSON.parse(body).records.map(({ id }: { id: number }) => id));
  return { ...world, delivered };
}

describe("shipping", () => {
  test("delivers every record once when nothing fails, and waits when nothing is new", async () => {
    for (let id = 0; id < 5; id += 1) appendToolAudit(file, { id }, 16);
    const { delivered, slept, released } = await ship([undefined], 3);
    expect(delivered.flat()).toEqual([0, 1, 2, 3, 4]);
    expect(slept).toEqual([IDLE_MS, IDLE_MS, IDLE_MS]);
    expect(released).toBe(2);
    expect(readdirSync(join(folder, "logs"))).toEqual(["tool-audit.jsonl"]);
  });

  test("does not go on before the router has taken a batch, and asks less and less often", async () => {
    appendToolAudit(file, { id: 1 });
    const { delivered, slept, cursor } = await ship(["the model router answered 503", new Error("ECONNREFUSED")], 8);
    expect(new Set(delivered.flat())).toEqual(new Set([1]));
    expect(cursor).toBeUndefined();
    expect(slept.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
    expect(slept.at(-1)).toBe(LONGEST_RETRY_MS);
  });

  test("delivers what was refused when the router is back", async () => {
    appendToolAudit(file, { id: 1 });
    const { delivered, cursor } = await ship(["no", "no", undefined], 3);
    expect(delivered).toEqual([[1], [1], [1]]);
    expect(cursor).toBeDefined();
  });

  test("delivers nothing again because the guard does not answer", async () => {
    for (let id = 0; id < 3; id += 1) appendToolAudit(file, { id }, 8);
    const { delivered } = await ship([undefined], 6, true);
    expect(delivered.flat()).toEqual([0, 1, 2]);
  });
});

test("the router gets the records with the tenant's key, and only 200 counts", async () => {
  const seen: string[] = [];
  let status = 200;
  const transport = new TestTransport();
  const server = createServer({ ...serverTls(transport.settings) }, async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
    response.writeHead(status).end("secret answer");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const key = join(folder, "router-key");
  writeFileSync(key, "the-key\n");
  const router = { url, keyFile: key, dispatcher: trusting(clientTls(transport.settings)) };
  expect(await deliverToolCalls(router, '{"records":[]}')).toBeUndefined();
  expect(seen).toEqual(['POST /v1/audit/tool-calls Bearer the-key {"records":[]}']);
  for (status of [202, 401, 503]) {
    expect(await deliverToolCalls(router, "{}")).toBe(`the model router answered ${status}`);
  }
  server.close();
  server.closeAllConnections();
  await expect(deliverToolCalls(router, "{}")).rejects.toThrow();
  await router.dispatcher.close();
  transport.remove();
});
