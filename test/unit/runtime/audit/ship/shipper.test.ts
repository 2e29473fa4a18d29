import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AuditLog, type ExportLag } from "../../../../../runtime/audit/index.ts";
import { FileTarget } from "../../../../../runtime/audit/ship/file.ts";
import { Shipper } from "../../../../../runtime/audit/ship/shipper.ts";
import { ACCEPTED, type ExportTarget, type ShippedRecord } from "../../../../../runtime/audit/ship/target.ts";
import { auditEntry, auditFolder, auditLines } from "../../../../support/audit-chain.ts";

let directory: string;
let log: AuditLog;
let notices: string[];
const shippers: Shipper[] = [];
beforeEach(async () => {
  directory = auditFolder();
  notices = [];
  log = await AuditLog.open({ directory, writer: "w1", now: () => new Date(), notify: () => {}, rotateBytes: 20_000 });
});
afterEach(async () => {
  for (const shipper of shippers.splice(0)) await shipper.close();
  await log.close();
});

const append = (count: number) => Promise.all(Array.from({ length: count }, () => log.append(auditEntry())));

/** A shipper whose pauses take no time, and what it sent; `settled` resolves when it has nothing more to do. */
async function ship(send: ExportTarget["send"], name = "siem") {
  const sent: number[] = [];
  const pauses: number[] = [];
  const lags: ExportLag[] = [];
  let settle: () => void = () => {};
  let settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  let wake: () => void = () => {};
  const shipper = new Shipper({
    name,
    directory,
    writer: "w1",
    durable: () => log.durable,
    now: () => new Date(),
    notify: ({ message }) => notices.push(message),
    onLag: (lag) => lags.push(lag),
    target: {
      send: async (batch, signal) => {
        const delivery = await send(batch, signal);
        sent.push(...batch.map(({ seq }) => seq));
        return delivery;
      },
      close: async () => {},
    },
    wait: async (ms, signal) => {
      if (ms !== 1000) {
        pauses.push(ms);
        await new Promise((resolve) => setImmediate(resolve));
        return;
      }
      settle();
      await new Promise<void>((resolve) => {
        wake = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    },
  });
  shippers.push(shipper);
  await shipper.start();
  const again = async () => {
    settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    wake();
    await settled;
  };
  await settled;
  return { shipper, sent, pauses, lags, again };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("an export", () => {
  test("delivers every record once, in order, over all segments, and then what comes", async () => {
    await append(700);
    const { sent, lags, again } = await ship(async () => ACCEPTED);
    expect(sent).toEqual(upTo(700));
    await append(5);
    await again();
    expect(sent).toEqual(upTo(705));
    expect(lags.at(-1)).toEqual({ name: "siem", records: 0, bytes: 0 });
    expect(lags[0]?.records).toBeGreaterThan(0);
  });

  test("goes on where it stopped after a restart", async () => {
    await append(10);
    const first = await ship(async () => ACCEPTED);
    await first.shipper.close();
    await append(3);
    expect((await ship(async () => ACCEPTED)).sent).toEqual([11, 12, 13]);
  });

  test("a target that is down gets everything later, with growing pauses, and nothing is lost or skipped", async () => {
    await append(50);
    let failures = 0;
    const { sent, pauses } = await ship(async (batch) => {
      failures += 1;
      if (failures <= 12) throw new Error("down");
      return failures === 13 ? { refused: [], again: batch.slice(1), trouble: "busy" } : ACCEPTED;
    });
    expect(sent).toEqual([...upTo(50), ...upTo(50).slice(1)]);
    expect(pauses).toHaveLength(13);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(60_000);
    expect(pauses[0]).toBeLessThanOrEqual(500);
    expect(pauses.at(-1)).toBeGreaterThanOrEqual(30_000);
    expect(notices).toEqual([
      "audit export siem takes nothing: down",
      "audit export siem takes nothing: down",
      "audit export siem takes records again",
    ]);
  });

  test("records that the target refuses for good are kept with the reason, and the rest goes on", async () => {
    const [, second] = await append(3);
    const refuse = (record: ShippedRecord | undefined) => (record === undefined ? [] : [{ record, reason: "no" }]);
    const { again } = await ship(async (batch) => ({ refused: refuse(batch.find(({ seq }) => seq === 2)), again: [] }));
    await append(1);
    await again();
    const lines = readFileSync(join(directory, "dead-letter-siem.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([{ time: expect.any(String), reason: "no", record: second }]);
  });

  test("a stop in the middle of a delivery leaves the cursor, so that the batch is sent again", async () => {
    await append(4);
    let arrived: () => void = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const shipping = ship((_, signal) => {
      arrived();
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
      });
    });
    await arrival;
    await shippers[0]?.close();
    expect(existsSync(join(directory, "cursor-siem-w1.json"))).toBe(false);
    shippers.length = 0;
    void shipping;
    expect((await ship(async () => ACCEPTED)).sent).toEqual(upTo(4));
  });

  test("bytes that are not durable yet are not sent", async () => {
    await append(2);
    appendFileSync(log.path, readFileSync(log.path));
    expect((await ship(async () => ACCEPTED)).sent).toEqual([1, 2]);
  });

  test.each(["{", '{"v":1,"segment":9,"offset":0,"seq":99}'])(
    "a cursor that does not fit starts anew: %s",
    async (text) => {
      await append(3);
      writeFileSync(join(directory, "cursor-siem-w1.json"), text);
      expect((await ship(async () => ACCEPTED)).sent).toEqual([1, 2, 3]);
      expect(notices[0]).toContain("everything is delivered again");
    },
  );

  test("a file gets the records' own lines, and a line that a crash cut short is ended first", async () => {
    const path = join(directory, "shipped.log");
    writeFileSync(path, '{"torn":');
    await append(3);
    const target = new FileTarget(path);
    await ship((batch) => target.send(batch), "file");
    expect(readFileSync(path, "utf8")).toBe(`{"torn":\n${(await auditLines(directory)).join("")}`);
  });
});
