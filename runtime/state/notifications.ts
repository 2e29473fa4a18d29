import { randomInt } from "node:crypto";
import { Client, type ClientConfig } from "pg";
import { type ChannelHandlers, checkedChannel, type DatabaseDeps } from "./database.ts";

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;
/** A connection that only listens never notices a dead peer by itself. */
const PROBE_EVERY_MS = 10_000;
const PROBE_TIMEOUT_MS = 5000;

/**
 * One connection that only listens, for all channels of a process. It is opened for the first channel, probed, and
 * opened again with growing pauses for as long as somebody listens.
 */
export class Notifications {
  readonly #config: ClientConfig;
  readonly #notify: DatabaseDeps["notify"];
  readonly #listeners = new Map<string, Set<ChannelHandlers>>();
  #client: Client | undefined;
  #connecting: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #probe: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;

  constructor(config: ClientConfig, notify: DatabaseDeps["notify"]) {
    this.#config = config;
    this.#notify = notify;
  }

  async listen(channel: string, handlers: ChannelHandlers): Promise<() => Promise<void>> {
    const known = this.#listeners.get(checkedChannel(channel));
    const listeners = known ?? new Set();
    listeners.add(handlers);
    this.#listeners.set(channel, listeners);
    if (this.#client !== undefined && known === undefined) await this.#command(this.#client, `LISTEN "${channel}"`);
    else if (this.#client === undefined) await this.#attempt(handlers);
    return () => this.#unlisten(channel, handlers);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#connecting;
    const client = this.#client;
    this.#forget();
    await client?.end();
  }

  async #unlisten(channel: string, handlers: ChannelHandlers): Promise<void> {
    const listeners = this.#listeners.get(channel);
    if (listeners?.delete(handlers) !== true || listeners.size > 0) return;
    this.#listeners.delete(channel);
    if (this.#client !== undefined) await this.#command(this.#client, `UNLISTEN "${channel}"`);
  }

  /** The first connection of a listener: it misses nothing, so `onGap` is not for it; a failure is `onLost`. */
  async #attempt(handlers: ChannelHandlers): Promise<void> {
    await this.#connect(handlers);
    if (this.#client === undefined && !this.#closed) handlers.onLost();
  }

  #connect(newcomer?: ChannelHandlers): Promise<void> {
    this.#connecting ??= this.#open(newcomer).finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #open(newcomer: ChannelHandlers | undefined): Promise<void> {
    clearTimeout(this.#retry);
    const client = new Client({ ...this.#config, query_timeout: PROBE_TIMEOUT_MS });
    const lost = (error?: unknown): void => {
      if (this.#client === client) this.#lose(error);
    };
    client.on("error", lost);
    client.on("end", lost);
    client.on("notification", ({ channel, payload }) => {
      for (const { onMessage } of this.#listeners.get(channel) ?? []) onMessage(payload ?? "");
    });
    try {
      await client.connect();
      for (const channel of this.#listeners.keys()) await client.query(`LISTEN "${channel}"`);
    } catch (error) {
      this.#end(client);
      this.#again(error);
      return;
    }
    const heardBefore = this.#failures > 0;
    this.#client = client;
    this.#failures = 0;
    this.#probe = setInterval(() => void this.#command(client, "SELECT 1"), PROBE_EVERY_MS).unref();
    if (heardBefore) this.#notify({ level: "info", message: "listening to the database again" });
    for (const handlers of this.#all()) if (heardBefore || handlers !== newcomer) handlers.onGap();
  }

  /** A command that fails means a connection that cannot be trusted. */
  async #command(client: Client, text: string): Promise<void> {
    try {
      await client.query(text);
    } catch (error) {
      if (this.#client === client) this.#lose(error);
    }
  }

  #lose(error: unknown): void {
    const client = this.#client;
    this.#forget();
    if (client !== undefined) this.#end(client);
    for (const { onLost } of this.#all()) onLost();
    this.#again(error);
  }

  #forget(): void {
    clearInterval(this.#probe);
    this.#client = undefined;
  }

  #again(error: unknown): void {
    if (this.#closed) return;
    this.#failures += 1;
    const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.#failures - 1));
    this.#notify({ level: "warn", message: `not listening to the database; trying again in about ${pause} ms`, error });
    // Replicas that lost the same server must not all come back in the same instant.
    this.#retry = setTimeout(() => void this.#connect(), pause / 2 + randomInt(pause)).unref();
  }

  #end(client: Client): void {
    client.end().catch((error: unknown) => {
      this.#notify({ level: "warn", message: "a broken database connection did not close", error });
    });
  }

  #all(): readonly ChannelHandlers[] {
    return [...this.#listeners.values()].flatMap((handlers) => [...handlers]);
  }
}
