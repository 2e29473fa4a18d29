import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Who holds a stack's lock, as the file backend writes it (pkg/backend/diy/lock.go). */
export interface StackLock {
  readonly pid: number;
  readonly hostname: string;
  readonly username: string;
  readonly timestamp: string;
}

/** What we know of the machine when judging a lock. */
export interface LockWorld {
  readonly hostname: string;
  /** Name of the program that runs under a pid, undefined when none does. */
  readonly programOf: (pid: number) => Promise<string | undefined>;
}

/** `stale`: its owner is certainly gone. `held`: it runs. `foreign`: taken on another machine, so nobody here can tell. */
export type LockVerdict = "stale" | "held" | "foreign";

/** Judges a lock; only a lock of this machine whose process is gone, or is no longer a pulumi, counts as stale. */
export async function judgeLock(lock: StackLock, world: LockWorld): Promise<LockVerdict> {
  if (lock.hostname !== world.hostname) return "foreign";
  const program = await world.programOf(lock.pid);
  return program?.startsWith("pulumi") ? "held" : "stale";
}

/** The locks on one stack in a file backend; none when nobody holds it. */
export async function readLocks(backend: string, project: string, stack: string): Promise<readonly StackLock[]> {
  const folder = join(backend, ".pulumi", "locks", "organization", project, stack);
  const names = await readdir(folder).catch(ifMissing<string[]>([]));
  const texts = await Promise.all(
    names
      .filter((name) => name.endsWith(".json"))
      .map((name) => readFile(join(folder, name), "utf8").catch(ifMissing<string | undefined>(undefined))),
  );
  return texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as StackLock]));
}

/** Whether the stack exists in a file backend. */
export async function hasStack(backend: string, project: string, stack: string): Promise<boolean> {
  return (await readStack(backend, project, stack)) !== undefined;
}

/** An operation that a killed run left without an end. */
export interface PendingOperation {
  readonly type: string;
  readonly resource: {
    readonly urn: string;
    readonly type: string;
    readonly inputs?: { readonly metadata?: { readonly name?: string; readonly namespace?: string } };
  };
}

/** Operations that a killed run left without an end; nobody knows whether they happened. */
export async function pendingOperations(
  backend: string,
  project: string,
  stack: string,
): Promise<readonly PendingOperation[]> {
  return (await latestOf(backend, project, stack))?.pending_operations ?? [];
}

/** How many resources a stack's state has. */
export async function resourceCount(backend: string, project: string, stack: string): Promise<number> {
  return (await latestOf(backend, project, stack))?.resources?.length ?? 0;
}

/** The part of a stack's last state that is read here. */
interface Latest {
  readonly pending_operations?: readonly PendingOperation[];
  readonly resources?: readonly unknown[];
}

async function latestOf(backend: string, project: string, stack: string): Promise<Latest | undefined> {
  const text = await readStack(backend, project, stack);
  if (text === undefined) return undefined;
  return (JSON.parse(text) as { checkpoint?: { latest?: Latest } }).checkpoint?.latest;
}

/**
 * Kubernetes objects that may exist although the state does not know them, as URN and provider id. An object that
 * was created in spite of the kill must be taken over: creating it again is refused as already existing.
 */
export function objectsToAdopt(pending: readonly PendingOperation[]): readonly { urn: string; id: string }[] {
  return pending.flatMap(({ type, resource }) => {
    const { name, namespace } = resource.inputs?.metadata ?? {};
    if (type !== "creating" || !resource.type.startsWith("kubernetes:") || name === undefined) return [];
    return [{ urn: resource.urn, id: namespace === undefined ? name : `${namespace}/${name}` }];
  });
}

/** What a file backend keeps of a stack, as text; undefined where it has none. */
export function readStack(backend: string, project: string, stack: string): Promise<string | undefined> {
  const file = join(backend, ".pulumi", "stacks", project, `${stack}.json`);
  return readFile(file, "utf8").catch(ifMissing<string | undefined>(undefined));
}

function ifMissing<T>(fallback: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT") return fallback;
    throw error;
  };
}
