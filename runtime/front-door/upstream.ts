import { Pool } from "undici";
import { upstreamFailure } from "../service/upstream-failure.ts";
import type { FrontDoorSettings } from "../settings/services.ts";
import { refusal } from "./errors.ts";

/** A reply of a cell whose body is still to be read. */
export interface CellReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: AsyncIterable<Buffer> & { dump(): Promise<void> };
}

/** One request to one tenant's cell. */
export interface CellRequest {
  readonly tenant: string;
  readonly path: "/v1/chat/completions" | "/tools/invoke";
  readonly body: unknown;
  readonly accept: "application/json" | "text/event-stream";
  readonly traceparent: string;
  readonly signal: AbortSignal;
}

/** The cells of all tenants, reachable only by tenant id. */
export interface Cells {
  /** @throws Refusal `cell/unavailable`, `cell/timeout`, `cell/broken-reply`, or the reason that `signal` was aborted with. */
  readonly post: (request: CellRequest) => Promise<CellReply>;
  readonly close: () => Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5000;
const CONNECTIONS_PER_CELL = 64;

/**
 * Opens one connection pool per cell. Every header that goes out is listed here: nothing that a client sent is passed on,
 * because OpenClaw trusts `x-openclaw-*` and forwarding headers.
 */
export function openCells(
  settings: Pick<FrontDoorSettings, "tenants" | "upstream_timeout_seconds">,
  tokenOf: (tenant: string) => string,
): Cells {
  const timeout = settings.upstream_timeout_seconds * 1000;
  const cells = new Map(
    settings.tenants.map(({ id, cell }) => {
      const url = new URL(cell.base_url);
      const pool = new Pool(url.origin, {
        connections: CONNECTIONS_PER_CELL,
        connect: { timeout: CONNECT_TIMEOUT_MS },
        headersTimeout: timeout,
        bodyTimeout: timeout,
      });
      return [id, { pool, prefix: url.pathname.replace(/\/+$/, "") }];
    }),
  );
  return {
    post: async ({ tenant, path, body, accept, traceparent, signal }) => {
      const cell = cells.get(tenant);
      if (cell === undefined) throw refusal("tenancy/unknown", "a tenant without a cell");
      const headers = {
        authorization: `Bearer ${tokenOf(tenant)}`,
        "content-type": "application/json",
        accept,
        traceparent,
      };
      const request = {
        method: "POST",
        path: cell.prefix + path,
        headers,
        body: JSON.stringify(body),
        signal,
      } as const;
      try {
        const reply = await cell.pool.request(request);
        const type = reply.headers["content-type"];
        return { status: reply.statusCode, contentType: typeof type === "string" ? type : "", body: reply.body };
      } catch (error) {
        throw cellFailure(error, signal);
      }
    },
    close: async () => {
      await Promise.all([...cells.values()].map(({ pool }) => pool.close()));
    },
  };
}

/** What a failed call to a cell means for the caller. An aborted one failed for the reason that it was aborted with. */
export function cellFailure(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const options = { cause: error };
  switch (upstreamFailure(error)) {
    case "unreachable":
      return refusal("cell/unavailable", "no connection", options);
    case "timeout":
      return refusal("cell/timeout", "silence", options);
    case "broken":
      return refusal("cell/broken-reply", "a broken connection", options);
  }
}
