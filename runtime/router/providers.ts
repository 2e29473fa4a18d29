import { type Dispatcher, Pool } from "undici";
import { upstreamFailure } from "../service/upstream-failure.ts";
import type { RouterSettings } from "../settings/services.ts";
import { type ErrorCode, Refusal } from "./errors.ts";

/** One request to a provider. */
export interface ProviderCall {
  readonly provider: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly stream: boolean;
  readonly traceparent: string;
  readonly signal: AbortSignal;
}

export type ProviderReply = Pick<Dispatcher.ResponseData, "statusCode" | "headers" | "body">;

/** The model providers by name. Only this module sees their keys. */
export interface Providers {
  /** @throws Refusal `provider/unreachable`, `provider/timeout`, `provider/failed`, `provider/refused-key`, `client/aborted`. */
  readonly complete: (call: ProviderCall) => Promise<ProviderReply>;
  readonly close: () => Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5000;
const CONNECTIONS_PER_PROVIDER = 128;
const FAILURE: Readonly<Record<ReturnType<typeof upstreamFailure>, ErrorCode>> = {
  unreachable: "provider/unreachable",
  timeout: "provider/timeout",
  broken: "provider/failed",
};

/** Opens one pool per provider. `base_url` ends where OpenAI's does: in `/v1`. */
export function openProviders(
  settings: Pick<RouterSettings, "providers" | "upstream_timeout_seconds">,
  keyOf: (provider: string) => string | undefined,
): Providers {
  const timeout = settings.upstream_timeout_seconds * 1000;
  const providers = new Map(
    Object.entries(settings.providers).map(([name, { base_url }]) => {
      const url = new URL(base_url);
      const connect = { timeout: CONNECT_TIMEOUT_MS };
      const options = { connections: CONNECTIONS_PER_PROVIDER, connect, headersTimeout: timeout, bodyTimeout: timeout };
      return [name, { pool: new Pool(url.origin, options), prefix: url.pathname.replace(/\/+$/, "") }];
    }),
  );
  return {
    complete: async ({ provider: name, body, stream, traceparent, signal }) => {
      const provider = providers.get(name);
      if (provider === undefined) throw new Refusal("service/internal", `no provider "${name}"`);
      const key = keyOf(name);
      const headers = {
        "content-type": "application/json",
        accept: stream ? "text/event-stream" : "application/json",
        traceparent,
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      };
      const path = `${provider.prefix}/chat/completions`;
      const request = { method: "POST", path, headers, body: JSON.stringify(body), signal } as const;
      const reply = await provider.pool.request(request).catch((error: unknown) => {
        if (signal.aborted) throw signal.reason;
        throw new Refusal(FAILURE[upstreamFailure(error)], undefined, { cause: error });
      });
      return checked(reply);
    },
    close: async () => {
      await Promise.all([...providers.values()].map(({ pool }) => pool.close()));
    },
  };
}

/**
 * Lets answers pass, and the provider's complaints about the request, which OpenClaw acts on (it compacts a conversation
 * that is too long, waits when told to). A complaint about our key is our problem, and a provider's 5xx is hidden behind
 * one code of ours.
 */
async function checked(reply: ProviderReply): Promise<ProviderReply> {
  const { statusCode } = reply;
  const isOurKey = statusCode === 401 || statusCode === 403;
  if (!isOurKey && statusCode >= 200 && statusCode < 500) return reply;
  await reply.body.dump();
  throw new Refusal(isOurKey ? "provider/refused-key" : "provider/failed", `the provider answered ${statusCode}`);
}
