import http from "node:http";
import net from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { chat, completion, type DoorOptions, type FrontDoor, openFrontDoor } from "./fixture.ts";

let door: FrontDoor;
let sockets: net.Socket[];
beforeEach(() => {
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await door.close();
});

const open = async (options: DoorOptions = {}) => {
  door = await openFrontDoor(options);
};

/** Bytes as they are, over a socket of their own. */
async function raw(
  text: string | Buffer,
): Promise<{ readonly socket: net.Socket; readonly said: () => string; readonly closed: () => boolean }> {
  const port = await door.port();
  const socket = net.connect(port, "127.0.0.1");
  sockets.push(socket);
  let said = "";
  let closed = false;
  socket.on("data", (bytes) => {
    said += bytes.toString("latin1");
  });
  socket.on("close", () => {
    closed = true;
  });
  socket.on("error", () => {});
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  socket.write(text);
  return { socket, said: () => said, closed: () => closed };
}

const body = JSON.stringify(chat());
const head = (...more: readonly string[]) => {
  const { authorization } = door.bearer("marketing", "user");
  return [
    "POST /v1/chat/completions HTTP/1.1",
    "host: x",
    `authorization: ${authorization}`,
    "content-type: application/json",
    ...more,
  ].join("\r\n");
};
const whole = (...more: readonly string[]) => `${head(`content-length: ${body.length}`, ...more)}\r\n\r\n${body}`;

describe("what is no plain HTTP request", () => {
  const smuggled: readonly [string, () => string][] = [
    ["both lengths", () => `${head("transfer-encoding: chunked", `content-length: ${body.length}`)}\r\n\r\n${body}`],
    ["two lengths", () => `${head("content-length: 5", `content-length: ${body.length}`)}\r\n\r\n${body}`],
    ["an unknown transfer encoding", () => `${head("transfer-encoding: xchunked")}\r\n\r\n0\r\n\r\n`],
    ["chunked twice", () => `${head("transfer-encoding: chunked, identity")}\r\n\r\n0\r\n\r\n`],
    ["a space before the colon", () => `${head(`content-length : ${body.length}`)}\r\n\r\n${body}`],
    ["a folded header", () => `${head("x-a: b\r\n c: d", `content-length: ${body.length}`)}\r\n\r\n${body}`],
    [
      "a bare carriage return",
      () => `${head("x-a: b\rx-tenant-id: engineering", `content-length: ${body.length}`)}\r\n\r\n${body}`,
    ],
    ["bytes", () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n"],
  ];

  test.each(smuggled)("%s: refused with a stable code, no cell asked, the connection closed", async (_name, text) => {
    await open();
    const { said, closed } = await raw(text());
    await vi.waitFor(() => expect(closed()).toBe(true));
    expect(said()).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"request\/malformed"/);
    expect(door.seen).toEqual([]);
    expect(await door.metrics.text()).toMatch(
      /breakwater_refused_requests_total\{[^}]*code="request\/malformed"[^}]*\} 1/,
    );
  });

  test("headers beyond the limit are 431", async () => {
    await open();
    const { said, closed } = await raw(whole(`x-long: ${"x".repeat(40_000)}`));
    await vi.waitFor(() => expect(closed()).toBe(true));
    expect(said()).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"request\/headers-too-large"/);
  });

  test("a switch of protocols is 426 and recorded", async () => {
    await open();
    const { said, closed } = await raw(whole("connection: upgrade", "upgrade: websocket"));
    await vi.waitFor(() => expect(closed()).toBe(true));
    expect(said()).toMatch(/^HTTP\/1\.1 426 [\s\S]*"code":"request\/upgrade"/);
    expect([door.seen, await door.records()]).toMatchObject([[], [{ code: "request/upgrade", decision: "deny" }]]);
  });

  test("an expectation that we do not meet is 417 and recorded, and 100-continue is met", async () => {
    await open();
    const refused = await raw(whole("expect: 200-maybe"));
    await vi.waitFor(() => expect(refused.said()).toMatch(/^HTTP\/1\.1 417 [\s\S]*"code":"request\/expectation"/));
    expect((await door.records()).at(-1)).toMatchObject({ code: "request/expectation" });
    const met = await raw(`${head("expect: 100-continue", `content-length: ${body.length}`)}\r\n\r\n`);
    await vi.waitFor(() => expect(met.said()).toContain("HTTP/1.1 100 Continue"));
    met.socket.write(body);
    await vi.waitFor(() => expect(met.said()).toContain("HTTP/1.1 200 OK"));
  });

  test.each(["HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"])(
    "%s on the chat's path is 405 with what is allowed",
    async (method) => {
      await open();
      const { said } = await raw(`${method} /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      await vi.waitFor(() => expect(said()).toMatch(/^HTTP\/1\.1 (405|404) /));
      if (method !== "TRACE") expect(said().toLowerCase()).toContain("allow: post");
    },
  );
});

describe("requests that are cut short or slow", () => {
  test("a body beyond the limit is 413 without being read, and the connection ends", async () => {
    await open({ maxBodyBytes: 100 });
    const { said, closed } = await raw(`${head("content-length: 1000000")}\r\n\r\n`);
    await vi.waitFor(() => expect(said()).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"request\/too-large"/));
    expect(said().toLowerCase()).toContain("connection: close");
    await vi.waitFor(() => expect(closed()).toBe(true));
  });

  test("a chunked body that grows beyond the limit is 413", async () => {
    await open({ maxBodyBytes: 100 });
    const { said } = await raw(
      `${head("transfer-encoding: chunked")}\r\n\r\n40\r\n${"x".repeat(64)}\r\n40\r\n${"x".repeat(64)}\r\n`,
    );
    await vi.waitFor(() => expect(said()).toMatch(/^HTTP\/1\.1 413 /));
  });

  test("a caller who goes away in the middle of its body is recorded and reaches no cell", async () => {
    await open();
    const { socket } = await raw(`${head("content-length: 1000")}\r\n\r\n{"model":`);
    await vi.waitFor(async () => expect(await door.metrics.text()).toMatch(/breakwater_requests_in_flight\{[^}]*\} 1/));
    socket.destroy();
    await vi.waitFor(async () => expect(await door.records()).toMatchObject([{ code: "client/aborted", status: 499 }]));
    expect(door.seen).toEqual([]);
    expect(await door.metrics.text()).toMatch(/breakwater_requests_in_flight\{[^}]*\} 0/);
  });

  test("a body that does not come in time is refused at the time limit", async () => {
    await open({ timeoutSeconds: 1 });
    const { said } = await raw(`${head("content-length: 1000")}\r\n\r\n{"model":`);
    await vi.waitFor(() => expect(said()).toMatch(/^HTTP\/1\.1 408 /), { timeout: 3000 });
    expect(await door.records()).toMatchObject([{ code: "request/timeout", decision: "deny" }]);
  });

  test("requests that are sent without waiting are answered in order, each with its own record", async () => {
    await open();
    const { said } = await raw(whole() + whole() + whole());
    await vi.waitFor(() => expect(said().match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3));
    expect(await door.records()).toHaveLength(3);
  });

  test("a caller who hangs up before the cell answered stops the cell and is recorded", async () => {
    await open();
    let cellClosed = false;
    door.answer = (response) => {
      response.once("close", () => {
        cellClosed = true;
      });
    };
    const { socket } = await raw(whole());
    await vi.waitFor(() => expect(door.seen).toHaveLength(1));
    socket.destroy();
    await vi.waitFor(() => expect(cellClosed).toBe(true));
    await vi.waitFor(async () => expect(await door.records()).toMatchObject([{ code: "client/aborted", status: 499 }]));
  });

  test("a reader who never takes a large answer loses its connection after the time limit", async () => {
    await open({ timeoutSeconds: 1 });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const content = "x".repeat(12_000_000);
      door.answer = (response) => {
        const choices = [{ index: 0, message: { role: "assistant", content } }];
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ id: "c", choices }));
      };
      const { socket } = await raw(whole());
      socket.pause();
      await vi.waitFor(async () => expect(await door.records()).toMatchObject([{ code: "ok" }]));
      expect(await door.metrics.text()).toMatch(/in_flight\{[^}]*\} 1/);
      vi.advanceTimersByTime(1000);
      vi.advanceTimersByTime(10_000);
    } finally {
      vi.useRealTimers();
    }
    await vi.waitFor(async () => expect(await door.metrics.text()).toMatch(/in_flight\{[^}]*\} 0/));
  });
});

describe("cells at their worst", () => {
  const ask = () =>
    door.app.inject({
      method: "POST",
      url: "/v1/chat/completions",
      headers: door.bearer("marketing", "user"),
      payload: chat(),
    });

  test("a half-open cell, which takes the request and says nothing, is 504 at the time limit", async () => {
    await open({ timeoutSeconds: 1 });
    const halfOpen = net.createServer({ allowHalfOpen: true }, (socket) => {
      sockets.push(socket);
      socket.on("error", () => {});
      socket.resume();
    });
    await new Promise<void>((resolve) => halfOpen.listen(0, "127.0.0.1", resolve));
    const { port } = halfOpen.address() as net.AddressInfo;
    await door.close();
    await open({
      timeoutSeconds: 1,
      tenant: () => ({ cell: { base_url: `http://127.0.0.1:${port}`, gateway_token_file: "/t" } }),
    });
    const reply = await ask();
    expect([reply.statusCode, reply.json().error.code]).toEqual([504, "cell/timeout"]);
    halfOpen.close();
  });

  test("a cell that drips for ever is cut off at the time limit", async () => {
    await open({ timeoutSeconds: 1 });
    let drip: NodeJS.Timeout | undefined;
    door.answer = (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      drip = setInterval(() => response.write(" "), 50);
      response.once("close", () => clearInterval(drip));
    };
    const reply = await ask();
    expect([reply.statusCode, reply.json().error.code]).toEqual([504, "cell/timeout"]);
  });

  test("a reply larger than any answer is cut off instead of kept", async () => {
    await open();
    let written = 0;
    door.answer = (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const chunk = Buffer.alloc(1_048_576, 0x20);
      const pump = (): void => {
        while (written < 64 && !response.destroyed) {
          written += 1;
          if (!response.write(chunk)) return void response.once("drain", pump);
        }
      };
      pump();
    };
    const reply = await ask();
    expect([reply.statusCode, reply.json().error.code]).toEqual([502, "cell/broken-reply"]);
    expect(written).toBeLessThan(40);
  });

  test("a busy cell's advice when to try again is passed on, and only if it is a number", async () => {
    await open();
    for (const [advice, expected] of [
      ["7", "7"],
      ["<script>", undefined],
    ] as const) {
      door.answer = (response) => void response.writeHead(503, { "retry-after": advice }).end("{}");
      expect((await ask()).headers["retry-after"]).toBe(expected);
    }
  });

  test("an answer that is asked for as a stream and is none is refused before anything was sent", async () => {
    await open();
    door.answer = (response, seen) => completion(response, { ...seen, body: {} });
    const reply = await door.app.inject({
      method: "POST",
      url: "/v1/chat/completions",
      headers: door.bearer("marketing", "user"),
      payload: chat({ stream: true }),
    });
    expect([reply.statusCode, reply.json().error.code]).toEqual([502, "cell/broken-reply"]);
  });
});

test("while it drains, the front door serves and asks callers to connect anew", async () => {
  let draining = false;
  await open({ deps: { draining: () => draining } });
  const agent = new http.Agent({ keepAlive: true });
  const ask = async () => {
    const headers = { ...door.bearer("marketing", "user"), "content-type": "application/json" };
    const port = await door.port();
    const request = http.request({
      port,
      host: "127.0.0.1",
      method: "POST",
      path: "/v1/chat/completions",
      headers,
      agent,
    });
    request.end(body);
    const response = await new Promise<http.IncomingMessage>((resolve) => request.once("response", resolve));
    response.resume();
    return [response.statusCode, response.headers["connection"]];
  };
  expect(await ask()).toEqual([200, "keep-alive"]);
  draining = true;
  expect(await ask()).toEqual([200, "close"]);
  expect((await door.app.inject({ url: "/readyz" })).statusCode).toBe(503);
  agent.destroy();
});

test("keys that are no longer confirmed make the front door not ready", async () => {
  let fresh = true;
  await open({ deps: { keysFresh: () => fresh } });
  expect((await door.app.inject({ url: "/readyz" })).statusCode).toBe(200);
  fresh = false;
  expect((await door.app.inject({ url: "/readyz" })).statusCode).toBe(503);
});

test("every answer names its trace and its conversation, refused ones too", async () => {
  await open();
  const headers = { ...door.bearer("marketing", "user"), "x-conversation-id": "c1" };
  const post = (payload: object) => door.app.inject({ method: "POST", url: "/v1/chat/completions", headers, payload });
  for (const reply of [await post(chat()), await post(chat({ model: "openclaw", stop: [1] }))]) {
    expect(reply.headers["x-trace-id"]).toMatch(/^[0-9a-f]{32}$/);
  }
  expect((await post(chat())).headers["x-conversation-id"]).toBe("c1");
  const refused = await door.app.inject({ method: "POST", url: "/v1/chat/completions", payload: chat() });
  expect(refused.headers).toMatchObject({
    "www-authenticate": "Bearer",
    "x-trace-id": expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});

test("the metrics of all tenants are for keys that are bound to none and may see them", async () => {
  await open();
  const get = (tenant: string | null, role: string) =>
    door.app.inject({ url: "/metrics", headers: door.bearer(tenant, role) });
  expect((await get(null, "admin")).body).toContain("openclaw_agent_response_time_seconds");
  expect((await get("marketing", "admin")).statusCode).toBe(403);
  expect((await get(null, "auditor")).statusCode).toBe(403);
});

test("the response time of every chat is observed, served or refused", async () => {
  await open();
  const post = (payload: object) =>
    door.app.inject({
      method: "POST",
      url: "/v1/chat/completions",
      headers: door.bearer("marketing", "user"),
      payload,
    });
  await post(chat());
  await post(chat({ model: "nobody" }));
  const text = await door.metrics.text();
  expect(text).toMatch(/response_time_seconds_count\{[^}]*tenant="marketing",outcome="ok"[^}]*\} 1/);
  expect(text).toMatch(/response_time_seconds_count\{[^}]*tenant="marketing",outcome="error"[^}]*\} 1/);
});
