import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  continuedTraceparent,
  followInboundRequests,
  parseTraceparent,
} from "../../../../runtime/cell/plugins/cell-guard/inbound-request.ts";
import { routerProvider } from "../../../../runtime/cell/plugins/cell-guard/router-provider.ts";

const inbound = { traceId: "a".repeat(32), spanId: "b".repeat(16), flags: "01" };
const own = `00-${"c".repeat(32)}-${"d".repeat(16)}-00`;

describe("the trace of a request to the model router", () => {
  test("is the caller's, from OpenClaw's span", () => {
    expect(continuedTraceparent(inbound, own)).toBe(`00-${"a".repeat(32)}-${"d".repeat(16)}-01`);
  });

  test("is from the caller's span when OpenClaw names none, and OpenClaw's when the caller brought none", () => {
    expect(continuedTraceparent(inbound, undefined)).toBe(`00-${"a".repeat(32)}-${"b".repeat(16)}-01`);
    expect(continuedTraceparent(undefined, own)).toBe(own);
    expect(continuedTraceparent(undefined, undefined)).toBeUndefined();
  });

  test("replaces OpenClaw's header, brings the proof of who asks and keeps every other", () => {
    const sent: unknown[] = [];
    const stream = routerProvider(() => ({ trace: inbound, principal: "proof" })).wrapStreamFn({
      streamFn: (...args) => sent.push(args),
    });
    stream?.("model", "context", Object.assign({ headers: { traceparent: own, other: "1" } }, { signal: 1 }));
    expect(sent).toEqual([
      [
        "model",
        "context",
        {
          signal: 1,
          headers: {
            other: "1",
            traceparent: `00-${"a".repeat(32)}-${"d".repeat(16)}-01`,
            "x-breakwater-principal": "proof",
          },
        },
      ],
    ]);
    expect(routerProvider(() => ({ trace: inbound, principal: "proof" })).wrapStreamFn({})).toBeUndefined();
  });
});

describe("a traceparent", () => {
  test("that is none is not taken, whatever it is", () => {
    const zeros = `00-${"0".repeat(32)}-${"b".repeat(16)}-01`;
    for (const bad of ["", zeros, own.toUpperCase(), `01${own.slice(2)}`, `${own}-x`, [own], undefined]) {
      expect(parseTraceparent(bad)).toBeUndefined();
    }
    fc.assert(fc.property(fc.string(), (text) => parseTraceparent(text) === undefined));
  });
});

test("each request is followed with its own trace and proof, also on one connection and after waiting", async () => {
  const current = followInboundRequests();
  expect(followInboundRequests()()).toBeUndefined();
  const seen: [string | undefined, string | undefined, string | undefined][] = [];
  const server = createServer((incoming, response) => {
    turn().then(() => {
      seen.push([incoming.url, current()?.trace?.traceId, current()?.principal]);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const get = (path: string, traceparent?: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const brought = traceparent === undefined ? {} : { traceparent, "x-breakwater-principal": path };
      const headers = { connection: "keep-alive", ...brought };
      request({ port, path, headers }, (response) => response.resume().on("end", resolve))
        .on("error", reject)
        .end();
    });
  await get("/1", `00-${"1".repeat(32)}-${"b".repeat(16)}-01`);
  await get("/none");
  await Promise.all([2, 3, 4, 5].map((n) => get(`/${n}`, `00-${String(n).repeat(32)}-${"b".repeat(16)}-01`)));
  server.close();
  for (const [path, traceId, principal] of seen) {
    const nothing = path === "/none";
    expect([traceId, principal]).toEqual(nothing ? [undefined, undefined] : [path?.slice(1).repeat(32), path]);
  }
  expect(seen).toHaveLength(6);
});
