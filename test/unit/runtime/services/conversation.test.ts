import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildEchoModel } from "../../../../runtime/echo-model/app.ts";
import { hashKey } from "../../../../runtime/identity/index.ts";
import { buildRouter } from "../../../../runtime/router/app.ts";
import { parseCellKeys } from "../../../../runtime/router/cell-keys.ts";
import { openProviders, type Providers } from "../../../../runtime/router/providers.ts";
import { RouterSettings } from "../../../../runtime/settings/services.ts";
import { chat, type FrontDoor, openFrontDoor } from "../front-door/fixture.ts";

/**
 * Front door -> fake cell -> router -> echo model, all over loopback. The cell is a FAKE: it keeps one history per
 * `user`, as OpenClaw does, and passes turns on to the router. What it does not prove: that OpenClaw behaves so.
 */
const echo = buildEchoModel(() => 0);
let router: ReturnType<typeof buildRouter>;
let providers: Providers;
let door: FrontDoor;

beforeAll(async () => {
  await echo.listen({ port: 0, host: "127.0.0.1" });
  const base_url = `http://127.0.0.1:${(echo.server.address() as AddressInfo).port}/v1`;
  const settings = RouterSettings.parse({
    listen: { port: 8080 },
    tenant_keys_file: "/run/tenant-keys.json",
    tenants: ["marketing", "engineering"].map((id) => ({ id, provider: "echo", model: "echo" })),
    providers: { echo: { base_url } },
  });
  const hashes = Object.fromEntries(["marketing", "engineering"].map((id) => [id, hashKey(`router-${id}`)]));
  const cellKeys = parseCellKeys(JSON.stringify(hashes), "keys");
  providers = openProviders(settings, () => undefined);
  router = buildRouter(settings, { cellKeys: () => cellKeys, providers, draining: () => false, logLevel: "silent" });
  await router.listen({ port: 0, host: "127.0.0.1" });
  const { port } = router.server.address() as AddressInfo;
  door = await openFrontDoor();
  const histories = new Map<string, unknown[]>();
  door.answer = (response, { tenant, body }) => {
    const history = histories.get(`${tenant} ${body["user"]}`) ?? [];
    history.push(...(body["messages"] as unknown[]));
    histories.set(`${tenant} ${body["user"]}`, history);
    const headers = { authorization: `Bearer router-${tenant}`, "content-type": "application/json" };
    const turn = http.request({ port, method: "POST", path: "/v1/chat/completions", headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, { "content-type": answer.headers["content-type"] });
      answer.pipe(response);
    });
    turn.end(JSON.stringify({ model: "tenant-default", messages: history, stream: body["stream"] }));
  };
});
afterAll(async () => {
  await door.close();
  await router.close();
  await providers.close();
  await echo.close();
});

async function say(tenant: string, text: string, stream = false): Promise<string> {
  const headers = { ...door.bearer(tenant, "user"), "x-conversation-id": "c1" };
  const payload = chat({ stream, messages: [{ role: "user", content: text }] });
  const reply = await door.app.inject({ method: "POST", url: "/v1/chat/completions", headers, payload });
  expect(reply.statusCode).toBe(200);
  if (!stream) return reply.json().choices[0].message.content;
  const events = reply.body.split("\n\n").filter((event) => event.startsWith("data: {"));
  return events.map((event) => JSON.parse(event.slice(6)).choices[0]?.delta.content ?? "").join("");
}

test("a conversation continues for its owner, streamed or not, and begins anew for another tenant with the same id", async () => {
  expect(await say("marketing", "one")).toBe("echo model (stand-in): one [user messages: 1]");
  expect(await say("marketing", "two", true)).toBe("echo model (stand-in): two [user messages: 2]");
  expect(await say("engineering", "three")).toBe("echo model (stand-in): three [user messages: 1]");
  expect((await door.records()).map(({ tenant, code }) => [tenant, code])).toEqual([
    ["marketing", "ok"],
    ["marketing", "ok"],
    ["engineering", "ok"],
  ]);
});
