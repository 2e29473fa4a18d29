import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { refuse } from "../problems/index.ts";
import type { AuditSettings } from "../settings/services.ts";
import { AuditLog } from "./log.ts";
import type { AuditNotice } from "./notice.ts";
import { systemEntry } from "./record.ts";
import { removeExpired } from "./retention.ts";
import { openTarget } from "./ship/open-target.ts";
import { type ExportLag, Shipper } from "./ship/shipper.ts";

/** What a service gives its audit log of the world. */
export interface OpenAuditDeps {
  /** Names this replica, the same after each of its restarts and unlike every other that shares the directory. */
  readonly writer: string;
  readonly now: () => Date;
  readonly notify: (notice: AuditNotice) => void;
  /** Called for each export about every second, with how far it is behind. */
  readonly onLag?: (lag: ExportLag) => void;
}

const CHECKPOINT_MS = 1000;
const RETENTION_MS = 3_600_000;

/**
 * The audit log of a service, as its settings ask for it: with the key that signs checkpoints, rotation, retention and
 * exports. All of these end with `close`.
 * @throws ProblemError `audit/bad-signing-key`, `audit/bad-writer`, `audit/unavailable`, `audit/broken-chain`
 */
export async function openAuditLog(settings: AuditSettings, deps: OpenAuditDeps): Promise<AuditLog> {
  const { directory, signing_key_file, rotate_bytes: rotateBytes, include_content: includeContent } = settings;
  const signingKey = await readSigningKey(signing_key_file);
  const { writer, now, notify } = deps;
  const log = await AuditLog.open({ directory, writer, now, notify, signingKey, rotateBytes, includeContent });
  if (log.setAside !== undefined) await log.append(systemEntry("audit:torn-set-aside", log.setAside));
  const shippers = await startShippers(settings, deps, log);
  const unshipped = (): number => Math.min(...shippers.map(({ segment }) => segment), Number.POSITIVE_INFINITY);
  const retention = { directory, writer, now, unshipped, retentionDays: settings.retention_days };
  repeat(log, notify, CHECKPOINT_MS, "no checkpoint could be written", () => log.checkpoint());
  repeat(log, notify, RETENTION_MS, "old segments could not be removed", () => removeExpired(log, retention));
  return log;
}

async function startShippers(
  { directory, exports }: AuditSettings,
  { writer, now, notify, onLag }: OpenAuditDeps,
  log: AuditLog,
): Promise<readonly Shipper[]> {
  const durable = () => log.durable;
  const shippers = exports.map((settings) => {
    const target = openTarget(settings);
    return new Shipper({ name: settings.name, directory, writer, target, durable, now, notify, onLag, wait });
  });
  for (const shipper of shippers) {
    await shipper.start();
    log.beforeClose(() => shipper.close());
  }
  return shippers;
}

/** Does something now and then, one time after the other, until the log closes. A failure is said, and is not the end. */
function repeat(
  log: AuditLog,
  notify: OpenAuditDeps["notify"],
  everyMs: number,
  trouble: string,
  work: () => Promise<unknown>,
): void {
  let busy: Promise<unknown> | undefined;
  const turn = (): void => {
    busy ??= work()
      .catch((error: unknown) => notify({ level: "error", message: `audit log ${log.path}: ${trouble}`, error }))
      .finally(() => {
        busy = undefined;
      });
  };
  const timer = setInterval(turn, everyMs).unref();
  turn();
  log.beforeClose(async () => {
    clearInterval(timer);
    await busy;
  });
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal, ref: false });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** @throws ProblemError `audit/bad-signing-key` */
async function readSigningKey(path: string): Promise<KeyObject> {
  let got = "no PEM private key";
  try {
    const key = createPrivateKey(await readFile(path));
    if (key.asymmetricKeyType === "ed25519") return key;
    got = `a private key of type ${key.asymmetricKeyType}`;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") got = "no file";
  }
  return refuse({
    code: "audit/bad-signing-key",
    path,
    got,
    expected: "an Ed25519 private key, PEM, PKCS #8",
    remedy: "make one with `openssl genpkey -algorithm ed25519`",
  });
}
