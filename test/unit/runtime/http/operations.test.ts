import { afterEach, expect, test } from "vitest";
import { listenForOperations, type OperationsServer } from "../../../../runtime/http/index.ts";

let server: OperationsServer | undefined;
afterEach(async () => {
  await server?.close();
});

async function get(path: string, ready: () => boolean): Promise<{ status: number; text: string }> {
  const metrics = { contentType: "text/plain", text: async () => "a_metric 1\n" };
  server = await listenForOperations({ host: "127.0.0.1", port: 0 }, { ready, metrics });
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
  return { status: response.status, text: await response.text() };
}

test("a service that cannot serve is not ready and still healthy", async () => {
  expect((await get("/readyz", () => false)).status).toBe(503);
  await server?.close();
  expect((await get("/healthz", () => false)).status).toBe(200);
});

test("metrics are text and other paths are unknown", async () => {
  expect(await get("/metrics", () => true)).toEqual({ status: 200, text: "a_metric 1\n" });
  await server?.close();
  expect((await get("/v1/models", () => true)).status).toBe(404);
});

test("a readiness check that throws is an error and not readiness", async () => {
  const failing = (): boolean => {
    throw new Error("disk gone");
  };
  expect((await get("/readyz", failing)).status).toBe(500);
});
