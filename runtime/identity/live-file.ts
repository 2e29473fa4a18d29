import { readFileSync, statSync } from "node:fs";

/** A file whose parsed content follows the file. */
export interface LiveFile<T> {
  /** The newest content that parsed. */
  readonly current: () => T;
  /** Looks now instead of at the next tick. Does not throw: a broken file is reported and changes nothing. */
  readonly check: () => void;
  readonly close: () => void;
}

export interface LiveFileOptions<T> {
  readonly path: string;
  readonly parse: (text: string, path: string) => T;
  /** A changed file was taken over. */
  readonly onChange?: (path: string) => void;
  /** A changed file could not be read or parsed; the last good content stays. Called once per change. */
  readonly onBroken: (path: string, error: unknown) => void;
  /** @default 1000; how long a revoked key may live on. */
  readonly intervalMs?: number;
}

/**
 * Keeps a mounted file's content current without a restart: rotated tokens, revoked keys.
 *
 * Polls `stat` instead of watching, because a Kubernetes secret volume changes by swapping a symlink two levels up,
 * which a watch on the file never sees; `stat` follows links, so the swap shows as another inode.
 * @throws whatever reading or `parse` throws, at the first read only: a service does not start on a broken file.
 */
export function openLiveFile<T>(options: LiveFileOptions<T>): LiveFile<T> {
  const { path, parse, onChange, onBroken, intervalMs = 1000 } = options;
  // The signature is taken before the read: content that changes in between is read again at the next tick.
  let signature = signatureOf(path);
  let content = parse(readFileSync(path, "utf8"), path);

  const check = (): void => {
    let found: string;
    try {
      found = signatureOf(path);
    } catch (error) {
      found = `unreadable: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (found === signature) return;
    signature = found;
    try {
      content = parse(readFileSync(path, "utf8"), path);
    } catch (error) {
      onBroken(path, error);
      return;
    }
    onChange?.(path);
  };

  const timer = setInterval(check, intervalMs);
  timer.unref();
  return { current: () => content, check, close: () => clearInterval(timer) };
}

function signatureOf(path: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}
