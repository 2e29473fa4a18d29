import { randomBytes } from "node:crypto";
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppendFile, AuditDisk } from "../runtime/audit/disk.ts";
import { type AuditEntry, AuditLog, verifyAudit } from "../runtime/audit/index.ts";
import { GENESIS } from "../runtime/audit/record.ts";
import { hashOf, RecordText, sealText } from "../runtime/audit/text.ts";
import { auditEntry, checkpointKeys } from "../test/support/audit-chain.ts";
import { randomEdit } from "../test/support/audit-edits.ts";
import { powerCuts, seeded } from "../test/support/audit-power-cut.ts";
import { median } from "./sample.ts";
import { type Figure, within } from "./table.ts";

const WINDOWS = 7;
const WINDOW_MS = 1500;
const WRITERS = 128;
const RECORDS = 1_000_000;
const EDITS = 100_000;
const CUTS = 10_000;
const CUTS_A_LOG = 10;
/** Edits that are checked side by side, so that the disk's answers are not waited for one by one. */
const LANES = 8;

const TARGET_RATIO = 25;
const TARGET_P99_MS = 5;
const TARGET_CPU_US = 4;
const TARGET_VERIFY_SECONDS = 5;

const KEYS = checkpointKeys();
/** Requests of many people of three tenants, so that no two that follow each other are the same. */
const ENTRIES = Array.from({ length: 61 }, (_, index) => {
  const id = (length: number): string => randomBytes(length).toString("hex");
  const tenant = ["marketing", "engineering", "hr"][index % 3] ?? null;
  const ids = { tenant, principal: id(4), conversation: id(16), trace_id: id(16) };
  return auditEntry({ ...ids, tokens_in: 700 + index, tokens_out: index, duration_ms: index / 2 });
});

/** The audit log: durable records a second against a sync for each, what it costs, and what verification finds. */
export async function benchAudit(): Promise<readonly Figure[]> {
  return [...(await benchAppend()), await benchVerify(), await benchEdits(), await benchPowerCuts()];
}

interface Window {
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly cpuUs: number;
}

/** A sync per record and group commit in turn, so that load and the disk's moods hit both alike. */
async function benchAppend(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "audit-bench-"));
  try {
    const log = await openLog(folder, {});
    await appendWindow(log, WRITERS, 500);
    const single: number[] = [];
    const group: Window[] = [];
    const alone: Window[] = [];
    for (let round = 0; round < WINDOWS; round += 1) {
      single.push(syncPerRecord(join(folder, "single")));
      group.push(await appendWindow(log, WRITERS, WINDOW_MS));
      alone.push(await appendWindow(log, 1, WINDOW_MS / 3));
    }
    await log.close();
    return appendFigures(single, group, alone);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function appendFigures(single: readonly number[], group: readonly Window[], alone: readonly Window[]): Figure[] {
  const one = median(single);
  const many = median(group.map(({ perSecond }) => perSecond));
  const p99 = median(group.map(({ p99Ms }) => p99Ms));
  const cpu = median(group.map(({ cpuUs }) => cpuUs));
  const ratio = median(group.map(({ perSecond }, round) => perSecond / (single[round] ?? 1)));
  const thousands = (value: number): string => `${Math.round(value).toLocaleString("en")}/s`;
  return [
    { what: "audit: durable records, one sync each", measured: thousands(one), limit: "the disk" },
    { what: "audit: durable records, 1 writer", measured: thousands(median(alone.map(({ perSecond }) => perSecond))) },
    { what: `audit: durable records, ${WRITERS} writers`, measured: thousands(many) },
    {
      what: `audit: ${WRITERS} writers / one sync each`,
      measured: `${ratio.toFixed(1)}x`,
      target: `>= ${TARGET_RATIO}x`,
      met: ratio >= TARGET_RATIO,
      limit: `one core: ${cpu.toFixed(1)} us a record, of which SHA-256 about 0.7`,
    },
    {
      what: `audit: p99 of an append, ${WRITERS} writers`,
      measured: `${p99.toFixed(2)} ms`,
      target: `<= ${TARGET_P99_MS} ms`,
      met: p99 <= TARGET_P99_MS,
    },
    {
      what: "audit: CPU of an append, hash and disk included",
      measured: `${cpu.toFixed(2)} us`,
      target: `<= ${TARGET_CPU_US} us`,
      met: cpu <= TARGET_CPU_US,
      limit: "user and system time of the whole process, threads of the disk included",
    },
  ];
}

/** What a log without group commit does: text, hash, write, sync, one after the other. @returns records a second. */
function syncPerRecord(path: string): number {
  const file = openSync(path, "a");
  try {
    let prev = GENESIS;
    let seq = 0;
    const texts = new RecordText("w1");
    const begun = performance.now();
    while (performance.now() - begun < WINDOW_MS) {
      seq += 1;
      const text = texts.of(entryOf(seq), seq, new Date().toISOString(), prev);
      prev = hashOf(Buffer.from(text));
      writeSync(file, text + sealText(prev));
      fdatasyncSync(file);
    }
    return (seq * 1000) / (performance.now() - begun);
  } finally {
    closeSync(file);
  }
}

/** Writers that each wait for their record before they send the next. */
async function appendWindow(log: AuditLog, writers: number, windowMs: number): Promise<Window> {
  const times: number[] = [];
  let records = 0;
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const end = begun + windowMs;
  await Promise.all(
    Array.from(
      { length: writers },
      () =>
        new Promise<void>((resolve, reject) => {
          let sent = performance.now();
          let timed = true;
          const done = (error: Error | undefined): void => {
            if (error !== undefined) {
              reject(error);
              return;
            }
            records += 1;
            // One in eight is timed: the clock costs as much as a twentieth of an append.
            if (timed) {
              const now = performance.now();
              times.push(now - sent);
              if (now >= end) {
                resolve();
                return;
              }
            }
            timed = (records & 7) === 0;
            if (timed) sent = performance.now();
            log.appendThen(entryOf(records), done);
          };
          log.appendThen(entryOf(records), done);
        }),
    ),
  );
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  const p99Ms = times[Math.floor(times.length * 0.99)] ?? 0;
  return { perSecond: records / seconds, p99Ms, cpuUs: (user + system) / records };
}

async function benchVerify(): Promise<Figure> {
  const folder = await mkdtemp(join(tmpdir(), "audit-bench-"));
  try {
    const log = await openLog(folder, { disk: unsyncedDisk });
    await writeRecords(log, RECORDS);
    await log.close();
    const seconds: number[] = [];
    let cpuSeconds = 0;
    for (let round = 0; round < 3; round += 1) {
      const cpu = process.cpuUsage();
      const begun = performance.now();
      const report = await verifyAudit(folder, { publicKey: KEYS.publicKey });
      seconds.push((performance.now() - begun) / 1000);
      if (!report.intact || report.records !== RECORDS) throw new Error("the log of the bench does not verify");
      const { user, system } = process.cpuUsage(cpu);
      cpuSeconds = (user + system) / 1e6;
    }
    const limit = `one core, ${cpuSeconds.toFixed(2)} s of CPU: SHA-256 and the shape of each line`;
    return within(
      `audit: ${RECORDS.toLocaleString("en")} records verified`,
      median(seconds),
      TARGET_VERIFY_SECONDS,
      limit,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Random edits of a small log, each of which must be found at the first line that it changed. */
async function benchEdits(): Promise<Figure> {
  const lanes = await Promise.all(Array.from({ length: LANES }, (_, lane) => editsFound(lane + 1, EDITS / LANES)));
  const found = lanes.reduce((sum, each) => sum + each, 0);
  return {
    what: `audit: of ${EDITS.toLocaleString("en")} random edits, found at their line`,
    measured: found.toLocaleString("en"),
    target: EDITS.toLocaleString("en"),
    met: found === EDITS,
  };
}

async function editsFound(seed: number, edits: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "audit-bench-"));
  try {
    const log = await openLog(folder, { disk: unsyncedDisk });
    await writeRecords(log, 8);
    await log.close();
    const handle = await open(log.path, "r");
    const bytes = await handle.readFile();
    await handle.close();
    const random = seeded(seed);
    let found = 0;
    for (let edit = 0; edit < edits; edit += 1) {
      const { bytes: edited, line } = randomEdit(bytes, random);
      await writeFile(log.path, edited);
      const report = await verifyAudit(folder, { publicKey: KEYS.publicKey, pause: async () => {} });
      if (report.writers[0]?.fault?.line === line) found += 1;
    }
    return found;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function benchPowerCuts(): Promise<Figure> {
  let bad = 0;
  for (let seed = 1; seed <= CUTS / CUTS_A_LOG; seed += 1) bad += (await powerCuts(seed, CUTS_A_LOG)).length;
  return {
    what: `audit: of ${CUTS.toLocaleString("en")} modelled power cuts, with a lost record or a bad log`,
    measured: String(bad),
    target: "0",
    met: bad === 0,
    limit: "a model: 512-byte sectors of the write under way are there or zero, in any order",
  };
}

function entryOf(index: number): AuditEntry {
  return ENTRIES[index % ENTRIES.length] ?? auditEntry();
}

function openLog(directory: string, options: { readonly disk?: AuditDisk }): Promise<AuditLog> {
  const notify = ({ message }: { readonly message: string }): void => {
    throw new Error(message);
  };
  const { signingKey } = KEYS;
  return AuditLog.open({ directory, writer: "w1", now: () => new Date(), notify, signingKey, ...options });
}

async function writeRecords(log: AuditLog, count: number): Promise<void> {
  const pieces = 1000;
  for (let left = count; left > 0; left -= pieces) {
    await new Promise<void>((resolve, reject) => {
      let waiting = Math.min(pieces, left);
      const done = (error: Error | undefined): void => {
        waiting -= 1;
        if (error !== undefined) reject(error);
        else if (waiting === 0) resolve();
      };
      for (let record = Math.min(pieces, left); record > 0; record -= 1) log.appendThen(entryOf(record), done);
    });
  }
}

/** Files without syncs, where what is measured is not the writing. */
const unsyncedDisk: AuditDisk = {
  open: async (path) => {
    const handle = await open(path, "a");
    let { size } = await handle.stat();
    const file: AppendFile = {
      append: (bytes, done) => {
        handle.appendFile(bytes).then(() => {
          size += bytes.length;
          done(undefined);
        }, done);
      },
      look: () => ({ size, links: 1 }),
      truncate: (to) => handle.truncate(to),
      close: () => handle.close(),
    };
    return file;
  },
  remove: (path) => rm(path),
};
