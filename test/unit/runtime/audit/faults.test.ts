import { symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type AuditDisk, localDisk } from "../../../../runtime/audit/disk.ts";
import { AuditLog, verifyAudit } from "../../../../runtime/audit/index.ts";
import { auditEntry, auditFolder, auditLines, checkpointKeys } from "../../../support/audit-chain.ts";

const { signingKey, publicKey } = checkpointKeys();

/** A disk whose next changes fail as told: nothing written, or a part. */
function failingDisk(fails: () => "EIO" | "ENOSPC" | undefined): AuditDisk {
  const error = (code: string) => Object.assign(new Error(`${code}: injected`), { code });
  return {
    ...localDisk,
    open: async (path) => {
      const opening = fails();
      if (opening !== undefined) throw error(opening);
      const file = await localDisk.open(path);
      return {
        look: () => file.look(),
        close: () => file.close(),
        truncate: async (size) => {
          const cutting = fails();
          if (cutting !== undefined) throw error(cutting);
          await file.truncate(size);
        },
        append: (bytes, done) => {
          const adding = fails();
          if (adding === undefined) file.append(bytes, done);
          else if (adding === "EIO") file.append(bytes, () => done(error(adding)));
          else file.append(bytes.subarray(0, Math.floor(bytes.length / 2)), () => done(error(adding)));
        },
      };
    },
  };
}

test("a full disk refuses the append", async () => {
  const directory = auditFolder();
  symlinkSync("/dev/full", join(directory, "audit-w1.000001.jsonl"));
  const log = await AuditLog.open({ directory, writer: "w1", now: () => new Date(), notify: () => {} });
  await expect(log.append(auditEntry())).rejects.toThrow("ENOSPC");
  await log.close();
});

test("whatever fails and whenever, what was acknowledged is there, what was refused is not, and the log heals", async () => {
  const faults = fc.array(fc.constantFrom(undefined, undefined, undefined, "EIO" as const, "ENOSPC" as const), {
    minLength: 5,
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(faults, fc.integer({ min: 1, max: 8 }), async (plan, batch) => {
      const directory = auditFolder();
      const rest = [...plan];
      let armed = false;
      const disk = failingDisk(() => (armed ? rest.shift() : undefined));
      const options = { directory, writer: "w1", now: () => new Date(), notify: () => {}, signingKey, disk };
      const log = await AuditLog.open({ ...options, rotateBytes: 4000 });
      armed = true;
      const acknowledged: string[] = [];
      const refused: string[] = [];
      let act = 0;
      while (rest.length > 0) {
        const appends = Array.from({ length: batch }, async () => {
          act += 1;
          const target = `act-${act}`;
          try {
            await log.append(auditEntry({ target }));
            acknowledged.push(target);
          } catch (error) {
            expect(String(error)).toContain("audit/unavailable");
            refused.push(target);
          }
        });
        await Promise.all(appends);
        if (act % 3 === 0) await log.checkpoint().catch(() => {});
      }
      await log.append(auditEntry({ target: "healed" }));
      await log.close();
      const targets = (await auditLines(directory)).map((line) => String(JSON.parse(line).target));
      expect(targets).toEqual([...acknowledged, "healed"]);
      expect(targets.some((target) => refused.includes(target))).toBe(false);
      expect((await verifyAudit(directory, { publicKey })).intact).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("records chained to a write that fails are refused with it, and the next one takes their place", async () => {
  const directory = auditFolder();
  let fail: (() => void) | undefined;
  let hold = true;
  const disk: AuditDisk = {
    ...localDisk,
    open: async (path) => {
      const file = await localDisk.open(path);
      return {
        look: () => file.look(),
        close: () => file.close(),
        truncate: (size) => file.truncate(size),
        append: (bytes, done) => {
          if (!hold) file.append(bytes, done);
          else fail = () => file.append(bytes, () => done(new Error("EIO: injected")));
        },
      };
    },
  };
  const log = await AuditLog.open({ directory, writer: "w1", now: () => new Date(), notify: () => {}, disk });
  const first = log.append(auditEntry());
  await new Promise((resolve) => setImmediate(resolve));
  const second = log.append(auditEntry());
  hold = false;
  fail?.();
  await expect(first).rejects.toThrow("EIO");
  await expect(second).rejects.toThrow("EIO");
  expect((await log.append(auditEntry())).seq).toBe(1);
  await log.close();
  expect(await verifyAudit(directory)).toMatchObject({ intact: true, records: 1 });
});

test("a disk that hangs fills no memory: what is too much is refused, and the rest is written when it goes on", async () => {
  const directory = auditFolder();
  let goOn: (() => void) | undefined;
  const disk: AuditDisk = {
    ...localDisk,
    open: async (path) => {
      const file = await localDisk.open(path);
      return {
        look: () => file.look(),
        close: () => file.close(),
        truncate: (size) => file.truncate(size),
        append: (bytes, done) => {
          if (goOn !== undefined) file.append(bytes, done);
          else goOn = () => file.append(bytes, done);
        },
      };
    },
  };
  const options = { directory, writer: "w1", now: () => new Date(), notify: () => {}, includeContent: true, disk };
  const log = await AuditLog.open(options);
  const content = { request: "x".repeat(1_000_000), reply: null };
  const appends = Array.from({ length: 300 }, () => log.append(auditEntry({ content })));
  const outcomes = Promise.allSettled(appends);
  await expect(appends[299]).rejects.toThrow("takes no more records");
  goOn?.();
  const written = (await outcomes).filter(({ status }) => status === "fulfilled").length;
  await log.close();
  expect(written).toBe(256);
  expect(await verifyAudit(directory)).toMatchObject({ intact: true, records: 256 });
});
