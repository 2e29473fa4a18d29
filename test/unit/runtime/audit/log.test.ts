import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { type AuditEntry, AuditLog, queryAudit } from "../../../../runtime/audit/index.ts";
import { chain, GENESIS } from "../../../../runtime/audit/record.ts";
import { verifyAuditFile } from "../../../support/audit-chain.ts";

let directory: string;
let clock: number;
let notices: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "audit-"));
  clock = Date.parse("2026-03-01T00:00:00Z");
  notices = [];
});

const open = (writer = "w1") =>
  AuditLog.open({ directory, writer, now: () => new Date(clock), notify: ({ message }) => notices.push(message) });

const entry = (tenant: string | null = "marketing"): AuditEntry => ({
  tenant,
  principal: "abcdefgh",
  role: "user",
  action: "agent:chat",
  decision: "allow",
  code: "ok",
  status: 200,
  model: "openclaw/default",
  conversation: null,
  tokens: 3,
  duration_ms: 1,
  trace_id: null,
});

describe("the audit log", () => {
  test("records appended together are chained in order and on disk when they resolve", async () => {
    const log = await open();
    const records = await Promise.all(Array.from({ length: 1000 }, () => log.append(entry())));
    expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
    expect(await verifyAuditFile(log.path)).toEqual({ intact: true, records: 1000, head: records.at(-1)?.hash });
    await log.close();
  });

  test("an append right after a flush ended is written too", async () => {
    const log = await open();
    for (let count = 0; count < 200; count += 1) await log.append(entry()).then(() => {});
    expect((await verifyAuditFile(log.path)).intact).toBe(true);
    await log.close();
  });

  test("reopening continues the chain", async () => {
    const first = await open();
    await first.append(entry());
    await first.close();
    const second = await open();
    expect((await second.append(entry())).seq).toBe(2);
    expect(await verifyAuditFile(second.path)).toMatchObject({ intact: true, records: 2 });
    await second.close();
  });

  test("a record torn by a crash at any byte is set aside and said, and every whole record stays", async () => {
    const log = await open();
    await log.append(entry());
    const whole = statSync(log.path).size;
    await log.append(entry());
    await log.close();
    const bytes = readFileSync(log.path);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: whole + 1, max: bytes.length - 1 }), async (cut) => {
        writeFileSync(log.path, bytes.subarray(0, cut));
        notices = [];
        const again = await open();
        expect((await again.append(entry())).seq).toBe(2);
        expect((await verifyAuditFile(again.path)).intact).toBe(true);
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
    await log.append(entry());
    await log.close();
    writeFileSync(log.path, readFileSync(log.path, "utf8").replace('"marketing"', '"engineering"'));
    await expect(open()).rejects.toThrow("audit/broken-chain");
  });

  test("whatever byte of a log is changed, verification finds it", async () => {
    const log = await open();
    for (let count = 0; count < 3; count += 1) await log.append(entry());
    await log.close();
    const bytes = readFileSync(log.path);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 2), fc.integer({ min: 1, max: 127 }), async (at, flip) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ flip;
        writeFileSync(log.path, changed);
        expect((await verifyAuditFile(log.path)).intact).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test("a record put in with a fitting number and hash of its own is found by its link", async () => {
    const place = { seq: 1, time: "2026-03-01T00:00:00.000Z", writer: "w1", prev: GENESIS };
    const first = chain(entry(), place);
    const forged = chain(entry("engineering"), { ...place, seq: 2, prev: chain(entry(null), place).hash });
    const path = join(directory, "audit-w1.jsonl");
    writeFileSync(path, `${JSON.stringify(first)}\n${JSON.stringify(forged)}\n`);
    const reason = "prev is not the hash of the record before";
    expect(await verifyAuditFile(path)).toEqual({ intact: false, line: 2, reason });
  });

  test("a log that cannot be written refuses every append, and heals when it can be written again", async () => {
    const log = await open();
    await log.append(entry());
    rmSync(directory, { recursive: true });
    await expect(log.append(entry())).rejects.toThrow("audit/unavailable");
    expect([log.healthy, await log.ready()]).toEqual([false, false]);
    const { mkdirSync } = await import("node:fs");
    mkdirSync(directory);
    expect(await log.ready()).toBe(true);
    expect((await log.append(entry())).seq).toBe(1);
    await log.close();
    await expect(log.append(entry())).rejects.toThrow("audit/unavailable");
  });

  test("a full disk refuses the append", async () => {
    const { symlinkSync } = await import("node:fs");
    symlinkSync("/dev/full", join(directory, "audit-w1.jsonl"));
    const log = await open();
    await expect(log.append(entry())).rejects.toThrow("ENOSPC");
    await log.close();
  });

  test("somebody else's bytes in the file stop the log instead of being chained over", async () => {
    const log = await open();
    await log.append(entry());
    appendFileSync(log.path, "{}\n");
    await expect(log.append(entry())).rejects.toThrow("audit/unavailable");
    truncateSync(log.path, 0);
    expect((await log.append(entry())).seq).toBe(1);
    await log.close();
  });
});

describe("a query", () => {
  test("merges all writers by time, page by page, and each tenant sees its own records only", async () => {
    const logs = [await open("a"), await open("b"), await open("c")];
    const expected: string[] = [];
    for (let step = 0; step < 60; step += 1) {
      clock += 1000;
      const tenant = ["marketing", "engineering", null][step % 3] ?? null;
      const record = await logs[(step * 7) % 3]?.append(entry(tenant));
      if (tenant === "marketing") expected.push(record?.hash ?? "");
    }
    const base = { tenant: "marketing", from: undefined, before: undefined, limit: 7 };
    const seen: string[] = [];
    let after: Awaited<ReturnType<typeof queryAudit>>["next"];
    do {
      const page = await queryAudit(directory, { ...base, after });
      seen.push(...page.records.map(({ hash }) => hash));
      after = page.next;
    } while (after !== undefined);
    expect(seen).toEqual(expected);
    for (const log of logs) await log.close();
  });

  test("a period starts at its first instant and ends before its last, wherever it lies in a large file", async () => {
    const log = await open();
    const times: number[] = [];
    for (let step = 0; step < 1500; step += 1) {
      clock += 1000;
      times.push(clock);
      await log.append(entry());
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(1499), fc.nat(40), async (start, length) => {
        const from = new Date(times[start] ?? 0).toISOString();
        const before = new Date((times[start] ?? 0) + length * 1000).toISOString();
        const query = { tenant: undefined, from, before, limit: 100, after: undefined };
        const { records } = await queryAudit(directory, query);
        const found = records.map(({ seq }) => seq);
        expect(found).toEqual(Array.from({ length: Math.min(length, 1500 - start) }, (_, i) => start + i + 1));
      }),
      { numRuns: 40 },
    );
    await log.close();
  });

  test("a period that starts in the instant of one large batch holds the whole batch", async () => {
    const log = await open();
    await Promise.all(Array.from({ length: 500 }, () => log.append(entry())));
    const from = new Date(clock).toISOString();
    const query = { tenant: undefined, from, before: undefined, limit: 1000, after: undefined };
    expect((await queryAudit(directory, query)).records).toHaveLength(500);
    await log.close();
  });

  test("a clock that is set back does not hide records from a period", async () => {
    const log = await open();
    const first = await log.append(entry());
    clock -= 60_000;
    expect((await log.append(entry())).time).toBe(first.time);
    await log.close();
  });

  test("a damaged line is an error, not a hole", async () => {
    writeFileSync(join(directory, "audit-x.jsonl"), "{}\n");
    const query = { tenant: undefined, from: undefined, before: undefined, limit: 5, after: undefined };
    await expect(queryAudit(directory, query)).rejects.toThrow("audit/unreadable");
  });
});
