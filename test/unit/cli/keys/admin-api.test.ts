import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FrontDoorClient } from "../../../../cli/deploy/front-door-client.ts";
import { AdminApi, problemsIn } from "../../../../cli/keys/admin-api.ts";
import { errorBody, refusal } from "../../../../runtime/front-door/errors.ts";
import { formatProblem, ProblemError } from "../../../../runtime/problems/index.ts";

const seen: { method: string | undefined; url: string | undefined; headers: http.IncomingHttpHeaders; body: string }[] =
  [];
let answer = { status: 200, body: "{}" };
const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    seen.push({
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
  });
});
let api: AdminApi;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  api = new AdminApi(address, new FrontDoorClient(address, "bw_key"));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test("asks with the key, the method, the tenant and the body", async () => {
  answer = { status: 202, body: '{"id":"x"}' };
  const reply = await api.ask("/api/agents/x", { method: "PATCH", body: { name: "y" }, tenant: "marketing" });
  expect(reply).toEqual({ status: 202, body: { id: "x" } });
  expect(seen.at(-1)).toMatchObject({ method: "PATCH", url: "/api/agents/x", body: '{"name":"y"}' });
  expect(seen.at(-1)?.headers).toMatchObject({ authorization: "Bearer bw_key", "x-tenant-id": "marketing" });
  await api.ask("/api/keys/x", { method: "DELETE" });
  expect(seen.at(-1)).toMatchObject({ method: "DELETE", body: "" });
  expect(seen.at(-1)?.headers).not.toHaveProperty("content-type");
});

test("a refusal of the front door is this command's, word for word", async () => {
  const refused = refusal("key/escalation", "a role that may do what the maker may not");
  answer = { status: 403, body: JSON.stringify(errorBody(refused)) };
  const error = await api.ask("/api/keys", { body: {} }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProblemError);
  expect((error as ProblemError).problems.map(formatProblem)).toEqual([refused.message]);
});

test("every problem of a refusal is kept, and an answer that says nothing is named by its status", () => {
  const lines = ["[a/b] x: got 1; expected 2; do this", "[a/c] y.z: got 3; expected 4; do that"];
  expect(problemsIn({ status: 400, body: { error: { message: lines.join("\n") } } }, "/p").map(formatProblem)).toEqual(
    lines,
  );
  for (const body of [null, "text", {}, { error: { message: "free text" } }]) {
    expect(problemsIn({ status: 502, body }, "/p")[0]).toMatchObject({ code: "front-door/refused", got: "status 502" });
  }
});

test("a front door that does not answer is a problem with the reason", async () => {
  const port = await closedPort();
  const address = `http://127.0.0.1:${port}`;
  const nobody = new AdminApi(address, new FrontDoorClient(address, "bw_key"));
  await expect(nobody.ask("/api/keys")).rejects.toThrow(/front-door\/unreachable.*ECONNREFUSED/);
});

/** A port on which nobody listens any more. */
async function closedPort(): Promise<number> {
  const short = http.createServer();
  await new Promise<void>((resolve) => short.listen(0, "127.0.0.1", resolve));
  const { port } = short.address() as AddressInfo;
  await new Promise((resolve) => short.close(resolve));
  return port;
}
