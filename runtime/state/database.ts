/** Runs SQL; every statement by itself, or all of one transaction. */
export interface Queries {
  /**
   * One statement with `$1`, `$2`, ... for values. Times come back as `Date`, JSON parsed, 64-bit integers as numbers.
   *
   * Errors of the server carry its SQLSTATE as `code` (`23505` for a duplicate) with both kinds of database. Any other
   * error leaves open whether a change took effect.
   * @throws RangeError when a 64-bit integer is beyond 2^53.
   */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** What a listener on a channel is told. */
export interface ChannelHandlers {
  readonly onMessage: (payload: string) => void;
  /** Messages may have been missed, and arrive again from now on: read everything anew. */
  readonly onGap: () => void;
  /** No messages arrive until `onGap`. */
  readonly onLost: () => void;
}

/** The state that replicas share. */
export interface Database extends Queries {
  /**
   * All of `work` or nothing of it. Inside, use only `tx`: with PGlite, which has one connection, `query` would wait for
   * the end of the transaction.
   *
   * @param timeoutMs for one statement; without it the database's own, 10 s.
   */
  transaction<T>(work: (tx: Queries) => Promise<T>, timeoutMs?: number): Promise<T>;
  /**
   * Messages of `NOTIFY channel`. Resolves when the first attempt to listen has ended; where it failed, `onLost` was
   * called, and `onGap` follows when the database is back. The result ends it.
   *
   * @param channel a plain name that is no word of SQL: lower case letters, digits, `_`.
   */
  listen(channel: string, handlers: ChannelHandlers): Promise<() => Promise<void>>;
  /** Whether the database answers; false at the latest after some seconds. */
  healthy(): Promise<boolean>;
  close(): Promise<void>;
}

/** Something about the database that an operator should read. Never carries a value of a query. */
export interface StateNotice {
  readonly level: "info" | "warn";
  readonly message: string;
  readonly error?: unknown;
}

/** What a database tells its owner. */
export interface DatabaseDeps {
  readonly notify: (notice: StateNotice) => void;
}

/** A 64-bit integer as a number. @throws RangeError beyond 2^53, where a number would silently be another one. */
export function safeInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError("a 64-bit integer of the database is beyond 2^53");
}

/** @throws RangeError unless a channel can stand unquoted in `LISTEN`. */
export function checkedChannel(channel: string): string {
  if (/^[a-z][a-z0-9_]{0,62}$/.test(channel)) return channel;
  throw new RangeError("a channel is 1 to 63 lower case letters, digits and _");
}
