import { rmSync } from "node:fs";
import http from "node:http";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { chat, type FrontDoor, openFrontDoor } from "./fixture.ts";

let door: FrontDoor;
beforeEach(async () => {
  door = await openFrontDoor({ timeoutSeconds: 1 });
});
afterEach(() => door.close());

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const content = (text: string) => event({ choices: [{ index: 0, delta: { content: text } }] });
const usage = event({
  choices: [],
  usage: { prompt_tokens: 4, completion_tokens: 5, total_tokens_in: 4, tokens_out: 5 },
});
const DONE = "data: [DONE]\n\n";
const sse = { "content-type": "text/event-stream" };

const post = () =>
  door.app.inject({
    method: "POST",
    url: "/v1/chat/completions",
    headers: door.bearer("marketing", "user"),
    payload: chat({ stream: true, stream_options: { include_usage: true } }),
  });

/** A streamed request over a real socket; resolves with the response when its head came. */
async function postOverSocket(): Promise<{ request: http.ClientRequest; response: http.IncomingMessage }> {
  const port = await door.port();
  const headers = { ...door.bearer("marketing", "user"), "content-type": "application/json" };
  const request = http.request({ port, host: "127.0.0.1", method: "POST", path: "/v1/chat/completions", headers });
  request.on("error", () => {});
  request.end(JSON.stringify(chat({ stream: true })));
  const response = await new Promise<http.IncomingMessage>((resolve) => request.once("response", resolve));
  return { request, response };
}

describe("a stream", () => {
  test("passes the cell's events on unchanged, however they are cut, and records tokens", async () => {
    const whole = `${content("안녕")}${content("b")}${usage}${DONE}`;
    const bytes = Buffer.from(whole);
    door.answer = (response) => {
      response.writeHead(200, sse);
      const write = (at: number): void => {
        if (at >= bytes.length) response.end();
        else response.write(bytes.subarray(at, at + 7), () => setImmediate(write, at + 7));
      };
      write(0);
    };
    const reply = await post();
    expect([reply.statusCode, reply.headers["content-type"]]).toEqual([200, "text/event-stream; charset=utf-8"]);
    expect(reply.body).toBe(whole);
    expect(await door.records()).toMatchObject([{ code: "ok", status: 200, tokens_in: 4, tokens_out: 5 }]);
  });

  test("its record is durable before [DONE] leaves", async () => {
    let release = (): void => {};
    const append = door.audit.appendThen.bind(door.audit);
    vi.spyOn(door.audit, "appendThen").mockImplementation((entry, done) => {
      release = () => append(entry, done);
    });
    door.answer = (response) => void response.writeHead(200, sse).end(content("a") + DONE);
    const { response } = await postOverSocket();
    let text = "";
    response.on("data", (chunk) => {
      text += chunk;
    });
    await vi.waitFor(() => expect(door.audit.appendThen).toHaveBeenCalled());
    await vi.waitFor(() => expect(text).toBe(content("a")));
    expect(await door.records()).toEqual([]);
    release();
    await new Promise((resolve) => response.once("end", resolve));
    expect(text).toBe(content("a") + DONE);
    expect(await door.records()).toHaveLength(1);
  });

  test("a caller who hangs up stops the cell and is recorded", async () => {
    let cellClosed = false;
    door.answer = (response) => {
      response.writeHead(200, sse).write(content("a"));
      response.once("close", () => {
        cellClosed = true;
      });
    };
    const { request, response } = await postOverSocket();
    await new Promise((resolve) => response.once("data", resolve));
    request.destroy();
    await vi.waitFor(() => expect(cellClosed).toBe(true));
    await vi.waitFor(async () => expect(await door.records()).toMatchObject([{ code: "client/aborted", status: 499 }]));
  });

  test("a cell that breaks off ends the stream in an error event and without [DONE]", async () => {
    door.answer = (response) => {
      response.writeHead(200, sse).write(content("a"), () => response.destroy());
    };
    const { body } = await post();
    expect(body.startsWith(content("a"))).toBe(true);
    expect(body).toContain('"code":"cell/broken-reply"');
    expect(body).not.toContain("[DONE]");
    expect(await door.records()).toMatchObject([{ code: "cell/broken-reply", status: 502 }]);
  });

  test("a cell that ends without [DONE] is not taken for a whole answer", async () => {
    door.answer = (response) => void response.writeHead(200, sse).end(content("a"));
    expect((await post()).body).toContain('"code":"cell/broken-reply"');
  });

  test("a cell that falls silent ends in cell/timeout", async () => {
    door.answer = (response) => void response.writeHead(200, sse).write(content("a"));
    expect((await post()).body).toContain('"code":"cell/timeout"');
    expect(await door.records()).toMatchObject([{ code: "cell/timeout", status: 504 }]);
  });

  test("a run that fails inside the cell is passed on and recorded as failed", async () => {
    const failed = event({ error: { message: "Agent run failed" } });
    door.answer = (response) => void response.writeHead(200, sse).end(failed + DONE);
    expect((await post()).body).toBe(failed + DONE);
    expect(await door.records()).toMatchObject([{ code: "cell/run-failed" }]);
  });

  test("when its record cannot be written, no [DONE] leaves", async () => {
    door.answer = (response) => {
      rmSync(door.auditDirectory, { recursive: true });
      response.writeHead(200, sse).end(content("a") + DONE);
    };
    const { body } = await post();
    expect(body).toContain('"code":"audit/unavailable"');
    expect(body).not.toContain("[DONE]");
  });

  test("a slow reader slows the cell down instead of filling our memory", async () => {
    const big = content("x".repeat(60_000));
    let written = 0;
    door.answer = (response) => {
      response.writeHead(200, sse);
      const pump = (): void => {
        while (written < 2000 && !response.destroyed) {
          written += 1;
          if (!response.write(big)) return void response.once("drain", pump);
        }
      };
      pump();
    };
    const { request, response } = await postOverSocket();
    response.pause();
    let before = -1;
    await vi.waitFor(
      () => {
        const [last, now] = [before, written];
        before = written;
        expect(now).toBe(last);
      },
      { interval: 150 },
    );
    expect(written).toBeLessThan(1000);
    request.destroy();
  });
});

test("a reader that was slow for a while gets every byte in the end", async () => {
  const many = Array.from({ length: 300 }, (_, index) => content(`${index} ${"x".repeat(20_000)}`));
  door.answer = (response) => {
    response.writeHead(200, sse);
    const write = (at: number): void => {
      const event = many[at];
      if (event === undefined) response.end(DONE);
      else if (response.write(event)) write(at + 1);
      else response.once("drain", () => write(at + 1));
    };
    write(0);
  };
  const { response } = await postOverSocket();
  response.pause();
  await new Promise((resolve) => setImmediate(resolve));
  await vi.waitFor(() => expect(door.seen).toHaveLength(1));
  let text = "";
  response.on("data", (bytes) => {
    text += bytes;
  });
  response.resume();
  await new Promise((resolve) => response.once("end", resolve));
  expect(text).toBe(many.join("") + DONE);
});

test("an event that a broken cell left unfinished does not swallow the error after it", async () => {
  door.answer = (response) => void response.writeHead(200, sse).end(`${content("a")}data: {"choices":[]}`);
  const events = (await post()).body.split("\n\n");
  expect(events.some((text) => text.startsWith('data: {"error":{'))).toBe(true);
});

describe("without a working audit log", () => {
  test("a caller who goes away while the log is looked at is recorded, and reaches no cell", async () => {
    let works: (value: boolean) => void = () => {};
    vi.spyOn(door.audit, "healthy", "get").mockReturnValue(false);
    const ready = new Promise<boolean>((resolve) => {
      works = resolve;
    });
    const looked = vi.spyOn(door.audit, "ready").mockReturnValue(ready);
    const headers = { ...door.bearer("marketing", "user"), "content-type": "application/json" };
    const port = await door.port();
    const request = http.request({ port, host: "127.0.0.1", method: "POST", path: "/v1/chat/completions", headers });
    request.on("error", () => {});
    request.end(JSON.stringify(chat()));
    await vi.waitFor(() => expect(looked).toHaveBeenCalled());
    request.destroy();
    await vi.waitFor(async () => expect(await door.records()).toMatchObject([{ code: "client/aborted" }]));
    works(true);
    await ready;
    expect(door.seen).toEqual([]);
  });

  test("a whole answer is held back, and the next request does not reach the cell", async () => {
    door.answer = (response) => {
      rmSync(door.auditDirectory, { recursive: true, force: true });
      response.writeHead(200, { "content-type": "application/json" }).end('{"choices":[],"secret":1}');
    };
    const first = await ask();
    expect([first.statusCode, first.json().error.code]).toEqual([503, "audit/unavailable"]);
    expect(first.body).not.toContain("secret");
    expect((await ask()).statusCode).toBe(503);
    expect(door.seen).toHaveLength(1);
    expect((await door.app.inject({ url: "/readyz" })).statusCode).toBe(503);
  });
});

const ask = () =>
  door.app.inject({
    method: "POST",
    url: "/v1/chat/completions",
    headers: door.bearer("marketing", "user"),
    payload: chat(),
  });

test("a whole answer that does not come in time is 504", async () => {
  door.answer = () => {};
  const reply = await ask();
  expect([reply.statusCode, reply.json().error.code]).toEqual([504, "cell/timeout"]);
});

test("a cell that takes no connection is 503", async () => {
  await new Promise((resolve) => door.cellServers.get("marketing")?.close(resolve));
  const reply = await ask();
  expect([reply.statusCode, reply.json().error.code]).toEqual([503, "cell/unavailable"]);
});
