import { afterEach, expect, test, vi } from "vitest";
import { Screen } from "../../../../runtime/screening/index.ts";
import { chat, type DoorOptions, type FrontDoor, openFrontDoor } from "./fixture.ts";

let door: FrontDoor;
afterEach(() => door.close());

const CARD = "4111 1111 1111 1111";
const SSN = "078-05-1120";
const rules = [
  { name: "card", action: "block", detector: "payment-card" },
  { name: "ssn", action: "redact", pattern: "\\b\\d{3}-\\d{2}-\\d{4}\\b" },
  { name: "project", action: "route", pattern: "PROJECT-X" },
];
const open = async (options: DoorOptions = {}) => {
  door = await openFrontDoor({ ...options, settings: { screening: { rules }, ...options.settings } });
};
const ask = (content: unknown, extra: Record<string, unknown> = {}) =>
  door.app.inject({
    method: "POST",
    url: "/v1/chat/completions",
    headers: door.bearer("marketing", "user"),
    payload: chat({ messages: [{ role: "user", content }], ...extra }),
  });
const codeOf = (reply: { statusCode: number; json: () => { error?: { code: string } } }) => [
  reply.statusCode,
  reply.json().error?.code ?? "ok",
];
const answers = (content: string, more: Record<string, unknown> = {}) => {
  door.answer = (response) => {
    const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ id: "c", choices, ...more }));
  };
};
const streams = (...parts: readonly string[]) => {
  door.answer = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const content of parts)
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`);
    response.end("data: [DONE]\n\n");
  };
};
const last = async () => (await door.records()).at(-1);

test("a request that a rule blocks is 403 with the rule's name, reaches no cell, and its text is nowhere", async () => {
  await open({ settings: { audit: { directory: "/unused", signing_key_file: "/k", include_content: true } } });
  const reply = await ask(`my card ${CARD}`);
  expect(codeOf(reply)).toEqual([403, "screening/blocked"]);
  expect(reply.json().error.message).toContain('"card"');
  expect(door.seen).toEqual([]);
  const record = await last();
  expect(record).toMatchObject({ code: "screening/blocked", decision: "deny", status: 403, rules: ["card:block"] });
  expect(reply.body + JSON.stringify(record) + (await door.metrics.text())).not.toContain("4111");
});

test("what a rule redacts is gone before the cell sees it, in messages, parts and stop sequences", async () => {
  await open();
  await ask([{ type: "text", text: `it is ${SSN}` }], { stop: [SSN, "end"] });
  expect(JSON.stringify(door.seen[0]?.body)).not.toContain(SSN);
  expect(JSON.stringify(door.seen[0]?.body)).toContain("[redacted:ssn]");
  expect(await last()).toMatchObject({ code: "ok", decision: "allow", rules: ["ssn:redact"] });
});

test("text that is to stay inside goes on unchanged, for the router to decide, and is recorded", async () => {
  await open();
  await ask("about PROJECT-X");
  expect(JSON.stringify(door.seen[0]?.body)).toContain("PROJECT-X");
  expect(await last()).toMatchObject({ rules: ["project:route"] });
});

test("a match that is cut over the parts of one message is found", async () => {
  await open();
  const part = (text: string) => ({ type: "text", text });
  expect(codeOf(await ask([part("4111 1111 "), part("1111 1111")]))).toEqual([403, "screening/blocked"]);
  await ask([part("078-05"), part("-1120")]);
  expect(JSON.stringify(door.seen[0]?.body)).not.toContain("1120");
});

test("a reply is redacted, and one that a rule blocks does not leave", async () => {
  await open();
  answers(`it is ${SSN}`);
  expect((await ask("hi")).json().choices[0].message.content).toBe("it is [redacted:ssn]");
  expect(await last()).toMatchObject({ code: "ok", rules: ["ssn:redact"] });
  answers(`it is ${CARD}`);
  const blocked = await ask("hi");
  expect(codeOf(blocked)).toEqual([403, "screening/blocked"]);
  expect(blocked.body).not.toContain("4111");
});

test("a reply in which nothing matches leaves as the cell wrote it, but for fields that are not of the API", async () => {
  await open();
  const odd = '{ "id":"c",  "choices":[ {"index":0,"message":{"role":"assistant","content":"\\u0061b"}} ] }';
  door.answer = (response) => void response.writeHead(200, { "content-type": "application/json" }).end(odd);
  expect((await ask("hi")).body).toBe(odd);
  answers("a", { session: "agent:main:openai-user:secret" });
  const reply = await ask("hi");
  expect([reply.body.includes("secret"), reply.json().id]).toEqual([false, "c"]);
});

test("a match that is cut over the chunks of a stream is redacted, and a blocked one ends the stream in an error", async () => {
  await open();
  streams("it is 07", "8-05", "-1120", " ok");
  const redacted = await ask("hi", { stream: true });
  expect(redacted.body).toContain("[redacted:ssn]");
  expect(redacted.body).toContain("[DONE]");
  expect(redacted.body).not.toContain("1120");
  expect(await last()).toMatchObject({ code: "ok", rules: ["ssn:redact"] });
  streams("fine so far, ".repeat(10), "4111 1111", " 1111 1111 ", "and more");
  const blocked = await ask("hi", { stream: true });
  expect(blocked.body).toContain('"code":"screening/blocked"');
  expect(blocked.body).not.toMatch(/4111|\[DONE\]/);
  expect(await last()).toMatchObject({ code: "screening/blocked", status: 403, rules: ["card:block"] });
});

test.each(["request", "reply", "stream"])("screening that fails on a %s refuses it", async (where) => {
  const screen = Screen.compile({ rules: [{ name: "x", action: "redact", pattern: "zzz" }] });
  let calls = 0;
  vi.spyOn(screen, "find").mockImplementation((text) => {
    calls += 1;
    if (where === "request" || calls > 1) throw new Error("out of order");
    return { spans: [], held: text.length };
  });
  await open({ deps: { screen } });
  if (where === "stream") streams("secret text");
  else answers("secret text");
  const reply = await ask("hi", { stream: where === "stream" });
  expect(reply.body).toContain("screening/failed");
  expect(reply.body).not.toContain("secret");
  expect(door.seen).toHaveLength(where === "request" ? 0 : 1);
  expect(await last()).toMatchObject({ code: "screening/failed", decision: "deny" });
});

test("a memory search is screened both ways", async () => {
  await open();
  const search = (q: string) =>
    door.app.inject({
      url: `/api/memory/search?q=${encodeURIComponent(q)}`,
      headers: door.bearer("marketing", "user"),
    });
  const found = (snippet: string) => {
    const details = { results: [{ path: "M.md", startLine: 1, score: 1, snippet }] };
    door.answer = (response) => void response.writeHead(200).end(JSON.stringify({ ok: true, result: { details } }));
  };
  expect(codeOf(await search(CARD))).toEqual([403, "screening/blocked"]);
  expect(door.seen).toEqual([]);
  found(`it is ${SSN}`);
  expect((await search("x")).json().results[0].snippet).toBe("it is [redacted:ssn]");
  found(CARD);
  expect(codeOf(await search("x"))).toEqual([403, "screening/blocked"]);
  expect(await last()).toMatchObject({ rules: ["card:block"] });
});

test("content is recorded only when the settings ask for it, and then after redaction", async () => {
  await open();
  await ask(`it is ${SSN}`);
  expect((await last())?.content).toBeNull();
  await door.close();
  await open({ settings: { audit: { directory: "/unused", signing_key_file: "/k", include_content: true } } });
  answers(`yes, ${SSN}`);
  await ask(`it is ${SSN}`);
  const content = (await last())?.content;
  expect(content?.request).toContain("it is [redacted:ssn]");
  expect(content?.reply).toContain("yes, [redacted:ssn]");
  streams("streamed ", "words");
  await ask("hi", { stream: true });
  expect((await last())?.content?.reply).toContain("streamed ");
});

test("hits are counted by rule and action", async () => {
  await open();
  await ask(`it is ${SSN}`);
  expect(await door.metrics.text()).toMatch(
    /breakwater_screening_hits_total\{[^}]*tenant="marketing",rule="ssn",action="redact"[^}]*\} 1/,
  );
});
