import { type Call, type ReplySink, Upstream } from "../../http/index.ts";
import { PRINCIPAL_HEADER } from "../../identity/index.ts";
import type { FrontDoorSettings } from "../../settings/services.ts";
import type { ClientTls } from "../../transport/tls.ts";
import { type ErrorCode, type Refusal, refusal } from "../errors.ts";

/** One request to one tenant's cell. */
export interface CellRequest {
  readonly tenant: string;
  readonly path: "/v1/chat/completions" | "/tools/invoke";
  /** JSON text. */
  readonly body: string;
  readonly accept: "application/json" | "text/event-stream";
  readonly traceparent: string;
  /** Proof of the API key that asks, for the model router. */
  readonly principal: string;
}

/** The cells of all tenants, reachable only by tenant id. */
export interface Cells {
  /** The sink learns what comes of it. @throws Refusal `tenancy/unknown`. */
  readonly post: (request: CellRequest, sink: ReplySink) => Call;
  readonly close: () => Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5000;
const CONNECTIONS_PER_CELL = 64;

/**
 * Opens one connection pool per cell. Every header that goes out is listed here: nothing that a client sent is passed on,
 * because OpenClaw trusts `x-openclaw-*` and forwarding headers.
 *
 * @param tls what cells are known by. @default they are reached over plain HTTP
 */
export function openCells(
  settings: Pick<FrontDoorSettings, "tenants" | "upstream_timeout_seconds">,
  tokenOf: (tenant: string) => string,
  tls?: ClientTls,
): Cells {
  const timeoutMs = settings.upstream_timeout_seconds * 1000;
  const cells = new Map(
    settings.tenants.map(({ id, cell }) => {
      const options = {
        connections: CONNECTIONS_PER_CELL,
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
        headersTimeoutMs: timeoutMs,
        bodyTimeoutMs: timeoutMs,
        ...(tls === undefined ? {} : { tls }),
      };
      return [id, new Upstream(cell.base_url, options)];
    }),
  );
  return {
    post: ({ tenant, path, body, accept, traceparent, principal }, sink) => {
      const cell = cells.get(tenant);
      if (cell === undefined) throw refusal("tenancy/unknown", "a tenant without a cell");
      const authorization = `Bearer ${tokenOf(tenant)}`;
      const headers = {
        authorization,
        "content-type": "application/json",
        accept,
        traceparent,
        [PRINCIPAL_HEADER]: principal,
      };
      return cell.post(path, headers, body, sink);
    },
    close: async () => {
      await Promise.all([...cells.values()].map((cell) => cell.close()));
    },
  };
}

const FAILURES: Readonly<Record<"unreachable" | "timeout" | "broken" | "aborted", readonly [ErrorCode, string]>> = {
  unreachable: ["cell/unavailable", "no connection"],
  timeout: ["cell/timeout", "silence"],
  broken: ["cell/broken-reply", "a broken connection"],
  aborted: ["client/aborted", "a closed connection"],
};

/** What a failed call to a cell means for the caller. */
export function cellFailure(failure: keyof typeof FAILURES, error: unknown): Refusal {
  const [code, got] = FAILURES[failure];
  return refusal(code, got, { cause: error });
}
