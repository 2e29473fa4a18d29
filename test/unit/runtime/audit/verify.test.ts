import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { AuditLog, type AuditLogOptions, verifyAudit } from "../../../../runtime/audit/index.ts";
import { removalEntry } from "../../../../runtime/audit/removal.ts";
import { removeExpired } from "../../../../runtime/audit/retention.ts";
import { hashOf, sealText } from "../../../../runtime/audit/text.ts";
import { auditEntry, auditFolder, checkpointKeys } from "../../../support/audit-chain.ts";
import { randomEdit } from "../../../support/audit-edits.ts";
import { seeded } from "../../../support/audit-power-cut.ts";

const { signingKey, publicKey } = checkpointKeys();
const FIRST = "audit-w1.000001.jsonl";

let directory: string;
let clock: number;
beforeEach(() => {
  directory = auditFolder();
  clock = Date.parse("2026-03-01T00:00:00Z");
});

const now = () => new Date(clock);

async function write(records: number, options: Partial<AuditLogOptions> = {}): Promise<void> {
  const log = await AuditLog.open({ directory, writer: "w1", now, notify: () => {}, signingKey, ...options });
  for (let count = 0; count < records; count += 1) {
    clock += 1000;
    await log.append(auditEntry());
  }
  await log.close();
}

const verify = () => verifyAudit(directory, { publicKey, pause: async () => {} });
const fault = async () => (await verify()).writers[0]?.fault;
const read = (name = FIRST) => readFileSync(join(directory, name), "utf8");
const replace = (name: string, text: string) => writeFileSync(join(directory, name), text);

/** Writes a chain of these texts anew, as somebody can who has not the key. */
function forge(texts: readonly string[]): string {
  let prev = "0".repeat(64);
  return texts
    .map((text) => {
      const body = text.replace(/"prev":"[0-9a-f]{64}".*$/, `"prev":"${prev}"`);
      prev = hashOf(Buffer.from(body));
      return body + sealText(prev);
    })
    .join("");
}

describe("verification", () => {
  test("finds every random edit of a segment, and the first line that it changed", async () => {
    await write(12);
    const bytes = readFileSync(join(directory, FIRST));
    const random = seeded(4);
    for (let round = 0; round < 1500; round += 1) {
      const edit = randomEdit(bytes, random);
      writeFileSync(join(directory, FIRST), edit.bytes);
      expect({ ...edit, ...(await fault()) }).toMatchObject({ file: FIRST, line: edit.line });
    }
  });

  test("finds every random edit of the checkpoints that changes one of them", async () => {
    await write(1);
    await write(1);
    await write(1);
    const name = "checkpoints-w1.000001.jsonl";
    const bytes = readFileSync(join(directory, name));
    expect(bytes.toString().split("\n")).toHaveLength(4);
    const random = seeded(5);
    for (let round = 0; round < 500; round += 1) {
      const edit = randomEdit(bytes, random);
      writeFileSync(join(directory, name), edit.bytes);
      const left = edit.bytes.toString("latin1").split("\n").slice(0, -1);
      const originals = bytes.toString("latin1").split("\n").slice(0, -1);
      // Checkpoints that are only left out prove less, and nothing wrong.
      const rest = originals.filter((line) => left.includes(line));
      if (rest.join() === left.join()) continue;
      expect({ ...edit, ...(await fault()) }).toMatchObject({ file: name });
    }
  });

  test("a chain rewritten from its start, with fitting hashes, does not fit its checkpoints", async () => {
    await write(5);
    replace(FIRST, forge(read().trimEnd().replace('"code":"ok"', '"code":"no"').split("\n")));
    expect(await fault()).toMatchObject({ code: "checkpoint-mismatch", line: 5, seq: 5 });
  });

  test("a record put in with a fitting number and hash of its own is found by its link", async () => {
    await write(3);
    const other = "1".repeat(64);
    const [first = "", second = ""] = read().split("\n");
    const body = second.replace(/"prev":"[0-9a-f]{64}".*$/, `"prev":"${other}"`);
    replace(FIRST, `${first}\n${body}${sealText(hashOf(Buffer.from(body)))}`);
    expect(await fault()).toMatchObject({ code: "chain", line: 2, seq: 2 });
  });

  test("checkpoints that somebody else signed are found with the public key, and not without it", async () => {
    await write(5, { signingKey: checkpointKeys().signingKey });
    expect(await fault()).toMatchObject({ code: "bad-signature", file: "checkpoints-w1.000001.jsonl", line: 1 });
    const unchecked = await verifyAudit(directory);
    expect([unchecked.intact, unchecked.signaturesChecked]).toEqual([true, false]);
  });

  test("records behind the last checkpoint can be cut, and nothing shows it: the limit that the documentation states", async () => {
    await write(3);
    const signed = read();
    const log = await AuditLog.open({ directory, writer: "w1", now, notify: () => {} });
    await log.append(auditEntry());
    await log.close();
    expect(await verify()).toMatchObject({ intact: true, records: 4, writers: [{ checkpointSeq: 3, lastSeq: 4 }] });
    replace(FIRST, signed);
    expect(await verify()).toMatchObject({ intact: true, records: 3 });
  });

  test("checkpoints that end long before the records are missed", async () => {
    await write(1);
    const log = await AuditLog.open({ directory, writer: "w1", now, notify: () => {} });
    for (let count = 0; count < 70; count += 1) {
      clock += 1000;
      await log.append(auditEntry());
    }
    await log.close();
    expect(await fault()).toMatchObject({ code: "missing-checkpoints" });
  });

  test("a log whose checkpoints were all taken away does not pass for one that is signed", async () => {
    await write(3);
    rmSync(join(directory, "checkpoints-w1.000001.jsonl"));
    expect(await fault()).toMatchObject({ code: "missing-checkpoints" });
    expect((await verifyAudit(directory)).intact).toBe(true);
  });

  test("a record of another writer, and one whose time runs back, are found", async () => {
    await write(3);
    const lines = read().trimEnd().split("\n");
    rmSync(join(directory, "checkpoints-w1.000001.jsonl"));
    replace(FIRST, forge(lines.map((line, at) => (at === 1 ? line.replace('"writer":"w1"', '"writer":"w2"') : line))));
    expect(await fault()).toMatchObject({ code: "writer", line: 2 });
    replace(FIRST, forge(lines.map((line, at) => (at === 2 ? line.replace("T00:00:03", "T00:00:01") : line))));
    expect(await fault()).toMatchObject({ code: "time", line: 3 });
  });

  test("each writer has its own first fault", async () => {
    await write(3);
    await write(3, { writer: "w2" });
    replace("audit-w2.000001.jsonl", read("audit-w2.000001.jsonl").replace("marketing", "engineering"));
    const { intact, records, writers } = await verify();
    expect([intact, records, writers.map((writer) => writer.fault?.line ?? null)]).toEqual([false, 3, [null, 1]]);
  });
});

describe("segments", () => {
  beforeEach(() => write(30, { rotateBytes: 3000 }));

  test("one that is removed from the middle, the start or the end is found", async () => {
    const names = readdirSync(directory).filter((name) => name.startsWith("audit-"));
    expect(names.length).toBeGreaterThan(5);
    // The last one is missed by its checkpoints; the second is no start, for no record says that retention made it one.
    for (const [name, code] of [
      [names[0], "missing-start"],
      [names[2], "missing-segment"],
      [names.at(-1), "missing-segment"],
    ] as const) {
      const text = read(name);
      rmSync(join(directory, name ?? ""));
      expect({ name, code: (await fault())?.code }).toEqual({ name, code });
      replace(name ?? "", text);
    }
    rmSync(join(directory, names[0] ?? ""));
    rmSync(join(directory, "checkpoints-w1.000001.jsonl"));
    expect(await fault()).toMatchObject({ code: "missing-start", file: names[1], line: 1 });
  });

  test("all of them together verify", async () => {
    expect((await verify()).intact).toBe(true);
  });

  test("two that change places are found", async () => {
    const one = read("audit-w1.000002.jsonl");
    replace("audit-w1.000002.jsonl", read("audit-w1.000003.jsonl"));
    replace("audit-w1.000003.jsonl", one);
    expect(await fault()).toMatchObject({ code: "sequence", file: "audit-w1.000002.jsonl", line: 1 });
  });

  test("retention removes old ones, says so in the log, and the chain may begin there and nowhere else", async () => {
    clock += 40 * 86_400_000;
    const log = await AuditLog.open({ directory, writer: "w1", now, notify: () => {}, signingKey, rotateBytes: 3000 });
    await log.append(auditEntry());
    const retention = { directory, writer: "w1", retentionDays: 30, now, unshipped: () => Number.POSITIVE_INFINITY };
    const removed = await removeExpired(log, retention);
    expect(removed.length).toBeGreaterThan(5);
    expect(await removeExpired(log, retention)).toEqual([]);
    // Also in the moment after: a crash then must not look like somebody who took the files away.
    expect(await verify()).toMatchObject({ intact: true });
    await log.close();
    expect(readdirSync(directory).filter((name) => name.includes(".000001."))).toEqual([]);
    const report = await verify();
    expect(report).toMatchObject({ intact: true });
    const [first = ""] = readdirSync(directory).filter((name) => name.startsWith("audit-"));
    rmSync(join(directory, first));
    expect(await fault()).toMatchObject({ code: "missing-start" });
  });

  test("a forged record of a removal, behind the last checkpoint, does not excuse missing segments", async () => {
    const [first = "", second = ""] = readdirSync(directory).filter((name) => name.startsWith("audit-"));
    const { seq, hash } = JSON.parse(read(first).trimEnd().split("\n").at(-1) ?? "");
    const forger = await AuditLog.open({ directory, writer: "w1", now, notify: () => {} });
    await forger.append(removalEntry({ file: first, seq, hash }));
    await forger.close();
    rmSync(join(directory, first));
    expect(await fault()).toMatchObject({ code: "missing-start", file: second });
  });

  test("a segment that an export has not taken is kept 30 days longer, and no more", async () => {
    const log = await AuditLog.open({ directory, writer: "w1", now, notify: () => {}, signingKey, rotateBytes: 3000 });
    const retention = { directory, writer: "w1", retentionDays: 30, now, unshipped: () => 3 };
    clock += 40 * 86_400_000;
    expect(await removeExpired(log, retention)).toEqual(["audit-w1.000001.jsonl", "audit-w1.000002.jsonl"]);
    clock += 21 * 86_400_000;
    expect((await removeExpired(log, retention))[0]).toBe("audit-w1.000003.jsonl");
    await log.close();
    expect((await verify()).intact).toBe(true);
  });
});
