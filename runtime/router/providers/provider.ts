import type { Call, ReplySink } from "../../http/index.ts";
import { Upstream } from "../../http/index.ts";
import type { ProviderKind, RouterSettings } from "../../settings/services.ts";
import type { ClientTls } from "../../transport/tls.ts";
import { Breaker } from "../call/breaker.ts";
import { ANTHROPIC } from "../protocols/anthropic.ts";
import { DIALECTS, openAiProtocol } from "../protocols/openai.ts";
import type { Protocol } from "../protocols/protocol.ts";
import { publicProviderAt } from "./catalogue.ts";
import type { Place } from "./residency.ts";

/** How long the router waits for providers, in milliseconds. */
export interface Timeouts {
  readonly connectMs: number;
  /** From the request to the first byte of the reply's body; a silence of that length, at most twice, ends a reply later on. */
  readonly firstByteMs: number;
  /** From the cell's request to the last byte of the answer. */
  readonly totalMs: number;
}

export interface ProviderOptions {
  readonly timeouts: Timeouts;
  readonly breaker: RouterSettings["breaker"];
  /** The provider's key right now; undefined: it asks for none. */
  readonly key: () => string | undefined;
  readonly nowMs: () => number;
  /** What servers of the environment's own authority are known by. */
  readonly trust?: ClientTls;
}

const CONNECTIONS = 256;
/** The attempt's own limits come first; these only clean up after it. */
const BACKSTOP_MS = 5000;

/** A configured model server. Only this object sees its key. */
export class Provider {
  readonly name: string;
  /** What it is: by its address where that is a known public service, else as configured. */
  readonly kind: ProviderKind;
  /** Exact host name. */
  readonly host: string;
  readonly place: Place;
  readonly protocol: Protocol;
  readonly breaker: Breaker;
  readonly #upstream: Upstream;
  readonly #key: () => string | undefined;

  constructor(name: string, settings: RouterSettings["providers"][string], options: ProviderOptions) {
    const { timeouts, breaker, nowMs } = options;
    this.name = name;
    this.kind = publicProviderAt(settings.base_url)?.kind ?? settings.kind;
    this.host = new URL(settings.base_url).hostname;
    this.place = { jurisdiction: settings.jurisdiction, internal: settings.internal };
    this.protocol = this.kind === "anthropic" ? ANTHROPIC : openAiProtocol(DIALECTS[this.kind]);
    this.breaker = new Breaker({ failures: breaker.failures, openMs: breaker.open_seconds * 1000, nowMs });
    this.#key = options.key;
    this.#upstream = new Upstream(settings.base_url, {
      connections: CONNECTIONS,
      connectTimeoutMs: timeouts.connectMs,
      headersTimeoutMs: timeouts.firstByteMs + BACKSTOP_MS,
      bodyTimeoutMs: timeouts.totalMs + BACKSTOP_MS,
      ...(settings.own_authority === true && options.trust !== undefined ? { tls: options.trust } : {}),
    });
  }

  /** Sends one request. None of the cell's headers goes along. */
  post(body: string, stream: boolean, traceparent: string, sink: ReplySink): Call {
    const headers = {
      "content-type": "application/json",
      accept: stream ? "text/event-stream" : "application/json",
      traceparent,
      ...this.protocol.headers(this.#key()),
    };
    return this.#upstream.post(this.protocol.path, headers, body, sink);
  }

  close(): Promise<void> {
    return this.#upstream.close();
  }
}
