import { z } from "zod";
import { jsonOrUndefined } from "../json/index.ts";

/** A WebSocket, reduced to what the protocol needs; tests bring their own. */
export interface TextSocket {
  send(text: string): void;
  close(): void;
  onText(listener: (text: string) => void): void;
  onClose(listener: (reason: string) => void): void;
}

/** An authenticated connection to the gateway. */
export interface GatewayConnection {
  /** The answer's payload. Rejects when the gateway refuses, closes or does not answer in time. */
  call(method: string, params: object): Promise<unknown>;
  close(): void;
  /** Resolves with the reason when the connection is gone. */
  readonly closed: Promise<string>;
}

const Frame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("event"), event: z.string() }),
  z.object({
    type: z.literal("res"),
    id: z.string(),
    ok: z.boolean(),
    payload: z.unknown().optional(),
    error: z.object({ code: z.string().optional() }).optional(),
  }),
]);

/** How long an answer may take: the first `health` of a busy cell took 5.5 s (measured 2026-11-23 on two cores). */
export const CALL_TIMEOUT_MS = 20_000;

/**
 * Speaks OpenClaw's gateway protocol (version 4, openclaw 2026.9.6): waits for the challenge, introduces itself as a
 * backend client with the shared token and asks for the scopes that its calls need, then answers calls by id.
 *
 * Rejects when the gateway refuses the token, closes, or says nothing for {@link CALL_TIMEOUT_MS}.
 */
export async function connectGateway(
  socket: TextSocket,
  token: string,
  scopes: readonly string[] = ["operator.read"],
): Promise<GatewayConnection> {
  const protocol = new Protocol(socket);
  try {
    await protocol.challenged;
    await protocol.call("connect", {
      minProtocol: 3,
      maxProtocol: 9,
      client: { id: "gateway-client", version: "1.0", platform: "linux", mode: "backend" },
      role: "operator",
      scopes,
      caps: [],
      commands: [],
      permissions: {},
      auth: { token },
      locale: "en-US",
      userAgent: "breakwater-cell-agent/1",
    });
    return protocol;
  } catch (error) {
    protocol.close();
    throw error;
  }
}

interface Waiting {
  readonly resolve: (payload: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

class Protocol implements GatewayConnection {
  readonly closed: Promise<string>;
  readonly challenged: Promise<unknown>;
  readonly #socket: TextSocket;
  readonly #waiting = new Map<string, Waiting>();
  #lastId = 0;

  constructor(socket: TextSocket) {
    this.#socket = socket;
    this.challenged = this.#wait("challenge", "the challenge");
    this.closed = new Promise((resolve) => {
      socket.onClose((reason) => {
        for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(new Error(`closed: ${reason}`));
        resolve(reason);
      });
    });
    socket.onText((text) => this.#receive(text));
  }

  call(method: string, params: object): Promise<unknown> {
    this.#lastId += 1;
    const id = String(this.#lastId);
    const answer = this.#wait(id, method);
    this.#socket.send(JSON.stringify({ type: "req", id, method, params }));
    return answer;
  }

  close(): void {
    this.#socket.close();
  }

  #wait(id: string, what: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#settle(id)?.reject(new Error(`no answer to ${what} within ${CALL_TIMEOUT_MS} ms`));
      }, CALL_TIMEOUT_MS);
      this.#waiting.set(id, { resolve, reject, timer });
    });
  }

  #settle(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    return waiting;
  }

  #receive(text: string): void {
    // What is no JSON is no answer: the call that waits for one runs into its time limit.
    const frame = Frame.safeParse(jsonOrUndefined(text)).data;
    if (frame?.type === "event" && frame.event === "connect.challenge") this.#settle("challenge")?.resolve(undefined);
    if (frame?.type !== "res") return;
    const waiting = this.#settle(frame.id);
    if (frame.ok) waiting?.resolve(frame.payload);
    else waiting?.reject(new Error(`refused: ${frame.error?.code ?? "no code"}`));
  }
}
