import { type AddressInfo, connect } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, expect, test } from "vitest";
import { type HotHandler, hotServer, readBody, sendJson } from "../../../../runtime/http/index.ts";

const LIMIT_BYTES = 64;
let app: FastifyInstance | undefined;
afterEach(async () => {
  await app?.close();
});

const hot: HotHandler = (request, response) => {
  readBody(request, LIMIT_BYTES, (failure, body) => {
    sendJson(response, failure === undefined ? 200 : 413, JSON.stringify({ failure, bytes: body.length }), {
      connection: "close",
    });
  });
};

async function listen(): Promise<number> {
  app = Fastify({ serverFactory: hotServer({ hot: new Map([["POST /hot", hot]]) }) });
  app.get("/hot", () => "fastify");
  await app.listen({ host: "127.0.0.1", port: 0 });
  return (app.server.address() as AddressInfo).port;
}

async function send(port: number, raw: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  socket.write(raw);
  await new Promise((resolve) => socket.once("close", resolve));
  return text;
}

const post = (body: string, headers = `content-length: ${body.length}`): string =>
  `POST /hot?x=1 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${headers}\r\n\r\n${body}`;

test("a hot route is answered without Fastify, whatever its query; other methods are Fastify's", async () => {
  const port = await listen();
  expect(await send(port, post("hello"))).toContain('{"bytes":5}');
  expect(await send(port, "GET /hot HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")).toContain("fastify");
});

test("a body over the limit is refused, whether it says so or not", async () => {
  const port = await listen();
  expect(await send(port, post("", `content-length: ${LIMIT_BYTES + 1}`))).toContain("413");
  const chunk = "x".repeat(LIMIT_BYTES + 1);
  const chunked = `${chunk.length.toString(16)}\r\n${chunk}\r\n0\r\n\r\n`;
  expect(await send(port, post(chunked, "transfer-encoding: chunked"))).toContain("too-large");
});

test("a request with both a length and chunks is refused before any handler sees it", async () => {
  const port = await listen();
  const smuggled = post(
    "0\r\n\r\nGET /hot HTTP/1.1\r\nhost: a\r\n\r\n",
    "content-length: 5\r\ntransfer-encoding: chunked",
  );
  const answer = await send(port, smuggled);
  expect(answer).toContain("400 Bad Request");
  expect(answer).not.toContain("bytes");
});

test("a body in many pieces arrives whole", async () => {
  const port = await listen();
  const pieces = ["a", "bc", "def"].map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join("");
  expect(await send(port, post(`${pieces}0\r\n\r\n`, "transfer-encoding: chunked"))).toContain('{"bytes":6}');
});
