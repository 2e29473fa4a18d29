import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CALL_TIMEOUT_MS, connectGateway, type TextSocket } from "../../../../runtime/cell-agent/gateway-connection.ts";

/** A gateway of which a test says what it sends. */
function fakeSocket() {
  const sent: { readonly id: string; readonly method: string; readonly params: Record<string, unknown> }[] = [];
  const listeners: { text: (text: string) => void; close: (reason: string) => void } = {
    text: () => {},
    close: () => {},
  };
  const socket: TextSocket = {
    send: (text) => sent.push(JSON.parse(text)),
    close: () => listeners.close("by us"),
    onText: (listener) => {
      listeners.text = listener;
    },
    onClose: (listener) => {
      listeners.close = listener;
    },
  };
  const says = (frame: unknown): void => listeners.text(JSON.stringify(frame));
  return { socket, sent, says, listeners };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function connected() {
  const gateway = fakeSocket();
  const connection = connectGateway(gateway.socket, "the-token");
  gateway.says({ type: "event", event: "connect.challenge", payload: {} });
  await vi.waitFor(() => expect(gateway.sent).toHaveLength(1));
  gateway.says({ type: "res", id: "1", ok: true, payload: {} });
  return { gateway, connection: await connection };
}

describe("a connection to the gateway", () => {
  test("introduces itself with the token and asks only to read", async () => {
    const { gateway } = await connected();
    expect(gateway.sent[0]?.method).toBe("connect");
    expect(gateway.sent[0]?.params).toMatchObject({ auth: { token: "the-token" }, scopes: ["operator.read"] });
  });

  test("says nothing before the challenge", () => {
    const gateway = fakeSocket();
    connectGateway(gateway.socket, "t").catch(() => undefined);
    expect(gateway.sent).toEqual([]);
  });

  test("answers each call with its own answer", async () => {
    const { gateway, connection } = await connected();
    const first = connection.call("health", {});
    const second = connection.call("status", {});
    gateway.says({ type: "res", id: "3", ok: true, payload: "b" });
    gateway.says({ type: "res", id: "2", ok: true, payload: "a" });
    expect([await first, await second]).toEqual(["a", "b"]);
  });

  test("rejects when the gateway refuses, naming the code and not the message", async () => {
    const { gateway, connection } = await connected();
    const answer = connection.call("health", {});
    gateway.says({ type: "res", id: "2", ok: false, error: { code: "FORBIDDEN", message: "the-token is wrong" } });
    await expect(answer).rejects.toThrow(/^refused: FORBIDDEN$/);
  });

  test("rejects what waits when the connection is lost", async () => {
    const { gateway, connection } = await connected();
    const answer = connection.call("health", {});
    gateway.listeners.close("code 1006");
    await expect(answer).rejects.toThrow("closed: code 1006");
    expect(await connection.closed).toBe("code 1006");
  });

  test("rejects when no answer comes, and ignores frames that are none", async () => {
    const { gateway, connection } = await connected();
    const answer = expect(connection.call("health", {})).rejects.toThrow(`within ${CALL_TIMEOUT_MS} ms`);
    gateway.listeners.text("no json");
    gateway.says({ type: "res" });
    await vi.advanceTimersByTimeAsync(CALL_TIMEOUT_MS);
    await answer;
  });
});
