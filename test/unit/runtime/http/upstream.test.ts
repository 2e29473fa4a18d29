import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Upstream } from "../../../../runtime/http/index.ts";

const OPTIONS = { connections: 2, connectTimeoutMs: 500, headersTimeoutMs: 400, bodyTimeoutMs: 400 };

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function upstreamTo(listener: RequestListener): Promise<Upstream> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({ close: () => server.closeAllConnections() }, server);
  return upstreamAt((server.address() as AddressInfo).port);
}

function upstreamAt(port: number): Upstream {
  const upstream = new Upstream(`http://127.0.0.1:${port}/v1/`, OPTIONS);
  open.unshift({ close: () => upstream.destroy() });
  return upstream;
}

/** What a sink was told, in order. */
function post(upstream: Upstream, options: { pauseAfterFirst?: boolean; abortAtHead?: boolean } = {}) {
  const told: string[] = [];
  let resume = (): void => undefined;
  const end = new Promise<string[]>((resolve) => {
    const call = upstream.post("/chat", { "content-type": "application/json" }, "{}", {
      onHead: (status, type) => {
        told.push(`head ${status} ${type}`);
        if (options.abortAtHead) call.abort();
      },
      onData: (chunk) => {
        told.push(`data ${chunk.toString()}`);
        return !(options.pauseAfterFirst && told.length === 2);
      },
      onEnd: () => resolve([...told, "end"]),
      onFailure: (failure) => resolve([...told, failure]),
    });
    resume = () => call.resume();
  });
  return { end, told, resume: () => resume() };
}

test("a reply arrives as its head, its data and its end, at the base path", async () => {
  const upstream = await upstreamTo((request, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    response.end(request.url);
  });
  expect(await post(upstream).end).toEqual(["head 200 text/plain", "data /v1/chat", "end"]);
});

test("a paused reply goes on when it is resumed and not before", async () => {
  const upstream = await upstreamTo((_request, response) => {
    response.writeHead(200);
    response.write("one");
    setImmediate(() => response.end("two"));
  });
  const { end, told, resume } = post(upstream, { pauseAfterFirst: true });
  await expect.poll(() => told.length).toBe(2);
  expect(told).toEqual(["head 200 ", "data one"]);
  resume();
  expect(await end).toEqual(["head 200 ", "data one", "data two", "end"]);
});

test("an aborted call ends as aborted, once", async () => {
  const upstream = await upstreamTo((_request, response) => {
    response.writeHead(200);
    response.write("never ends");
  });
  expect(await post(upstream, { abortAtHead: true }).end).toEqual(["head 200 ", "aborted"]);
});

test("nobody listening is unreachable, silence is a timeout, a cut reply is broken", async () => {
  expect(await post(upstreamAt(1)).end).toEqual(["unreachable"]);
  const silent = await upstreamTo(() => undefined);
  expect(await post(silent).end).toEqual(["timeout"]);
  const cut = await upstreamTo((_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("some");
    setImmediate(() => response.destroy());
  });
  expect((await post(cut).end).at(-1)).toBe("broken");
});

test("a closed upstream fails after post has returned, so that its caller has the call in hand", async () => {
  const upstream = upstreamAt(1);
  await upstream.close();
  const { end, told } = post(upstream);
  expect(told).toEqual([]);
  expect(await end).toEqual(["broken"]);
});
