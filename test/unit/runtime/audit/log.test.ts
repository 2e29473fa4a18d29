import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { type AuditEntry, AuditLog, type AuditLogOptions, verifyAudit } from "../../../../runtime/audit/index.ts";
import { auditEntry, auditFolder, auditLines, checkpointKeys } from "../../../support/audit-chain.ts";

const { signingKey, publicKey } = checkpointKeys();

let directory: string;
let clock: number;
let notices: string[];
beforeEach(() => {
  directory = auditFolder();
  clock = Date.parse("2026-03-01T00:00:00Z");
  notices = [];
});

const open = (options: Partial<AuditLogOptions> = {}) =>
  AuditLog.open({
    directory,
    writer: "w1",
    now: () => new Date(clock),
    notify: ({ message }) => notices.push(message),
    ...options,
  });

const append = (log: AuditLog, entry: AuditEntry) =>
  new Promise<void>((resolve, reject) => {
    log.appendThen(entry, (error) => (error === undefined ? resolve() : reject(error)));
  });

describe("the audit log", () => {
  test("records appended together are chained in order and on disk when they resolve", async () => {
    const log = await open();
    const records = await Promise.all(Array.from({ length: 3000 }, () => log.append(auditEntry())));
    expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 3000 }, (_, index) => index + 1));
    const head = records.at(-1)?.hash;
    expect(await verifyAudit(directory)).toMatchObject({ intact: true, records: 3000, writers: [{ head }] });
    expect(await auditLines(directory)).toEqual(records.map((record) => `${JSON.stringify(record)}\n`));
    await log.close();
  });

  test("appendThen calls back once, later, when the record is on disk", async () => {
    const log = await open();
    let calls = 0;
    const done = new Promise<void>((resolve) => {
      log.appendThen(auditEntry(), (error) => {
        calls += 1;
        expect(error).toBeUndefined();
        expect(readFileSync(log.path, "utf8").split("\n")).toHaveLength(2);
        resolve();
      });
    });
    expect(calls).toBe(0);
    await done;
    await log.close();
    expect(calls).toBe(1);
  });

  test("an append right after a flush ended is written too", async () => {
    const log = await open();
    for (let count = 0; count < 200; count += 1) await append(log, auditEntry());
    expect(await verifyAudit(directory)).toMatchObject({ intact: true, records: 200 });
    await log.close();
  });

  test("reopening continues the chain", async () => {
    const first = await open({ signingKey });
    await first.append(auditEntry());
    await first.close();
    const second = await open({ signingKey });
    expect((await second.append(auditEntry())).seq).toBe(2);
    await second.close();
    expect(await verifyAudit(directory, { publicKey })).toMatchObject({ intact: true, records: 2 });
  });

  test("a record torn by a crash at any byte is set aside and said, and every whole record stays", async () => {
    const log = await open();
    await log.append(auditEntry());
    const whole = statSync(log.path).size;
    await log.append(auditEntry());
    await log.close();
    const bytes = readFileSync(log.path);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: whole + 1, max: bytes.length - 1 }), async (cut) => {
        writeFileSync(log.path, bytes.subarray(0, cut));
        notices = [];
        const again = await open();
        expect(again.setAside).toBe(`${cut - whole} bytes after seq 1`);
        expect((await again.append(auditEntry())).seq).toBe(2);
        expect((await verifyAudit(directory)).intact).toBe(true);
        expect(notices).toHaveLength(1);
        const aside = readdirSync(directory).filter((name) => name.includes("torn"));
        expect(readFileSync(join(directory, aside[0] ?? ""))).toEqual(bytes.subarray(whole, cut));
        rmSync(join(directory, aside[0] ?? ""));
        await again.close();
      }),
      { numRuns: 25 },
    );
  });

  test("a file whose last record was changed is refused, not continued", async () => {
    const log = await open();
    await log.append(auditEntry());
    await log.close();
    writeFileSync(log.path, readFileSync(log.path, "utf8").replace('"marketing"', '"engineering"'));
    await expect(open()).rejects.toThrow("audit/broken-chain");
  });

  test("a file that was cut before its last checkpoint is refused, not continued", async () => {
    const log = await open({ signingKey });
    await log.append(auditEntry());
    const { size } = statSync(log.path);
    await log.append(auditEntry());
    await log.close();
    truncateSync(log.path, size);
    await expect(open({ signingKey })).rejects.toThrow("audit/broken-chain");
  });

  test("checkpoints of another key are refused", async () => {
    const log = await open({ signingKey });
    await log.append(auditEntry());
    await log.close();
    await expect(open({ signingKey: checkpointKeys().signingKey })).rejects.toThrow("audit/broken-chain");
  });

  test("a log that cannot be written refuses every append, and heals when the disk is back", async () => {
    const log = await open();
    await log.append(auditEntry());
    cpSync(directory, `${directory}.copy`, { recursive: true });
    rmSync(directory, { recursive: true });
    await expect(log.append(auditEntry())).rejects.toThrow("audit/unavailable");
    expect([log.healthy, await log.ready()]).toEqual([false, false]);
    cpSync(`${directory}.copy`, directory, { recursive: true });
    expect(await log.ready()).toBe(true);
    expect((await log.append(auditEntry())).seq).toBe(2);
    await log.close();
    await expect(log.append(auditEntry())).rejects.toThrow("audit/unavailable");
    expect(await verifyAudit(directory)).toMatchObject({ intact: true, records: 2 });
  });

  test("acknowledged records that are gone stop the log instead of a new one hiding it", async () => {
    const log = await open();
    await log.append(auditEntry());
    rmSync(log.path);
    await expect(log.append(auditEntry())).rejects.toThrow("audit/unavailable");
    expect(await log.ready()).toBe(false);
    await expect(log.append(auditEntry())).rejects.toThrow("seq 1, which was written");
    await log.close();
  });

  test("somebody else's bytes in the file stop the log until they are gone", async () => {
    const log = await open();
    await log.append(auditEntry());
    const { size } = statSync(log.path);
    appendFileSync(log.path, "{}\n");
    await expect(log.append(auditEntry())).rejects.toThrow("audit/unavailable");
    await expect(log.append(auditEntry())).rejects.toThrow("audit/broken-chain");
    truncateSync(log.path, size);
    expect((await log.append(auditEntry())).seq).toBe(2);
    await log.close();
  });

  test("a clock that is set back does not make times run backwards, nor after a restart", async () => {
    const log = await open();
    const first = await log.append(auditEntry());
    clock -= 60_000;
    expect((await log.append(auditEntry())).time).toBe(first.time);
    await log.close();
    const again = await open();
    expect((await again.append(auditEntry())).time).toBe(first.time);
    await again.close();
    expect((await verifyAudit(directory)).intact).toBe(true);
  });

  test("an entry that could not be read back is refused, and those beside it are written", async () => {
    const log = await open();
    const outcomes = await Promise.allSettled([
      append(log, auditEntry()),
      append(log, auditEntry({ tokens_in: Number.NaN })),
      append(log, auditEntry({ cost_micro_usd: -1 })),
      append(log, auditEntry()),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
    await log.close();
    expect(await verifyAudit(directory)).toMatchObject({ intact: true, records: 2 });
  });

  test("content is kept only by a log that includes it", async () => {
    const content = { request: 'say "hi"\n한국어', reply: null };
    const without = await open();
    expect((await without.append(auditEntry({ content }))).content).toBeNull();
    await without.close();
    const including = await open({ includeContent: true });
    expect((await including.append(auditEntry({ content }))).content).toEqual(content);
    const large = { request: "x".repeat(2_000_000), reply: "한".repeat(300_000) };
    expect((await including.append(auditEntry({ content: large }))).content).toEqual(large);
    await including.close();
    expect(await verifyAudit(directory)).toMatchObject({ intact: true, records: 3 });
  });

  test("close writes what waits and signs it", async () => {
    const log = await open({ signingKey });
    const all = Promise.all(Array.from({ length: 100 }, () => append(log, auditEntry())));
    await log.close();
    await all;
    const report = await verifyAudit(directory, { publicKey });
    expect(report).toMatchObject({ intact: true, records: 100, writers: [{ checkpointSeq: 100 }] });
  });
});

describe("rotation", () => {
  test("the chain goes on in the next segment when one is full, and after a restart", async () => {
    const rotating = { signingKey, rotateBytes: 3000 };
    for (let round = 0; round < 3; round += 1) {
      const log = await open(rotating);
      for (let count = 0; count < 10; count += 1) await append(log, auditEntry());
      await log.close();
    }
    const segments = readdirSync(directory).filter((name) => name.startsWith("audit-"));
    expect(segments.length).toBeGreaterThan(5);
    expect(segments[0]).toBe("audit-w1.000001.jsonl");
    for (const name of segments) expect(statSync(join(directory, name)).size).toBeLessThanOrEqual(3000);
    const report = await verifyAudit(directory, { publicKey });
    expect(report).toMatchObject({ intact: true, records: 30, writers: [{ checkpointSeq: 30 }] });
  });

  test("a segment is closed a day after its first record", async () => {
    const log = await open();
    for (let hour = 0; hour < 50; hour += 1) {
      await append(log, auditEntry());
      clock += 3_600_000;
    }
    await log.close();
    const sizes = readdirSync(directory).map(
      (name) => readFileSync(join(directory, name), "utf8").split("\n").length - 1,
    );
    expect(sizes).toEqual([24, 24, 2]);
  });
});
