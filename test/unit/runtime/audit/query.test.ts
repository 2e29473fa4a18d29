import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { AuditLog, type AuditLogOptions, exportAudit, queryAudit } from "../../../../runtime/audit/index.ts";
import { auditEntry, auditFolder, auditLines } from "../../../support/audit-chain.ts";

let directory: string;
let clock: number;
beforeEach(() => {
  directory = auditFolder();
  clock = Date.parse("2026-03-01T00:00:00Z");
});

const open = (options: Partial<AuditLogOptions> = {}) =>
  AuditLog.open({ directory, writer: "w1", now: () => new Date(clock), notify: () => {}, ...options });

describe("a query", () => {
  test("merges all writers by time, page by page, and each tenant sees its own records only", async () => {
    const logs = [
      await open({ writer: "a" }),
      await open({ writer: "b", rotateBytes: 2000 }),
      await open({ writer: "c" }),
    ];
    const expected: string[] = [];
    for (let step = 0; step < 60; step += 1) {
      clock += 1000;
      const tenant = ["marketing", "engineering", null][step % 3] ?? null;
      const record = await logs[(step * 7) % 3]?.append(auditEntry({ tenant }));
      if (tenant === "marketing") expected.push(record?.hash ?? "");
    }
    const seen: string[] = [];
    let after: Awaited<ReturnType<typeof queryAudit>>["next"];
    do {
      const page = await queryAudit(directory, { tenant: "marketing", limit: 7, after });
      seen.push(...page.records.map(({ hash }) => hash));
      after = page.next;
    } while (after !== undefined);
    expect(seen).toEqual(expected);
    for (const log of logs) await log.close();
  });

  test("a period starts at its first instant and ends before its last, wherever it lies in large segments", async () => {
    const log = await open({ rotateBytes: 250_000 });
    const times: number[] = [];
    const writes: Promise<unknown>[] = [];
    for (let step = 0; step < 1500; step += 1) {
      clock += 1000;
      times.push(clock);
      writes.push(log.append(auditEntry()));
      if (step % 100 === 0) await Promise.all(writes);
    }
    await Promise.all(writes);
    await fc.assert(
      fc.asyncProperty(fc.nat(1499), fc.nat(40), async (start, length) => {
        const from = new Date(times[start] ?? 0).toISOString();
        const before = new Date((times[start] ?? 0) + length * 1000).toISOString();
        const { records } = await queryAudit(directory, { from, before, limit: 100 });
        const found = records.map(({ seq }) => seq);
        expect(found).toEqual(Array.from({ length: Math.min(length, 1500 - start) }, (_, i) => start + i + 1));
      }),
      { numRuns: 40 },
    );
    await log.close();
  });

  test("a period that starts in the instant of one large batch holds the whole batch", async () => {
    const log = await open({ rotateBytes: 50_000 });
    await log.append(auditEntry());
    clock += 1000;
    for (let batch = 0; batch < 5; batch += 1) {
      await Promise.all(Array.from({ length: 100 }, () => log.append(auditEntry())));
    }
    const from = new Date(clock).toISOString();
    expect((await queryAudit(directory, { from, limit: 1000 })).records).toHaveLength(500);
    await log.close();
  });

  test("each filter selects by its field", async () => {
    const log = await open();
    await log.append(auditEntry());
    const special = {
      kind: "admin",
      action: "key:create",
      principal: "zzzzzzzz",
      code: "auth/x",
      decision: "deny",
    } as const;
    for (const [field, value] of Object.entries(special)) await log.append(auditEntry({ [field]: value }));
    for (const [at, [field, value]] of Object.entries(special).entries()) {
      const { records } = await queryAudit(directory, { [field]: value, limit: 10 });
      expect(records.map(({ seq }) => seq)).toEqual([at + 2]);
    }
    await log.close();
  });

  test("a damaged line is an error, not a hole", async () => {
    writeFileSync(join(directory, "audit-x.000001.jsonl"), "{}\n");
    await expect(queryAudit(directory, { limit: 5 })).rejects.toThrow("audit/unreadable");
  });
});

test("an export is the records' own lines, and can be left in the middle", async () => {
  const log = await open({ rotateBytes: 3000 });
  const records = [];
  for (let count = 0; count < 20; count += 1) records.push(await log.append(auditEntry({ agent: `a${count % 2}` })));
  await log.close();
  expect(await auditLines(directory)).toEqual(records.map((record) => `${JSON.stringify(record)}\n`));
  for await (const line of exportAudit(directory, {})) {
    expect(JSON.parse(line).seq).toBe(1);
    break;
  }
});
