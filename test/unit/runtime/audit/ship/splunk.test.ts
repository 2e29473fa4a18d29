import { afterEach, expect, test } from "vitest";
import { SplunkTarget } from "../../../../../runtime/audit/ship/splunk.ts";
import { secretFile, shippedRecords, standIn } from "./stand-ins.ts";

const signal = new AbortController().signal;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** A stand-in for Splunk's event collector, and a target that delivers to it. */
async function splunk(answer: (events: readonly { event: { seq: number } }[]) => { status: number; code: number }) {
  const server = await standIn(({ body }) => {
    const { status, code } = answer(body.split("\n").map((line) => JSON.parse(line)));
    return { status, body: { text: "stand-in", code } };
  });
  const target = new SplunkTarget({
    kind: "splunk",
    name: "siem",
    url: `${server.url}/base/`,
    token_file: secretFile("token-1"),
    index: "audit",
  });
  open.push(target, server);
  return { server, target };
}

test("records arrive as events of their time, with the token, and code 0 accepts them", async () => {
  const { server, target } = await splunk(() => ({ status: 200, code: 0 }));
  const records = shippedRecords(3);
  expect(await target.send(records, signal)).toEqual({ refused: [], again: [] });
  const [{ path, headers, body } = { path: "", headers: {}, body: "" }] = server.got;
  expect([path, headers["authorization"]]).toEqual(["/base/services/collector/event", "Splunk token-1"]);
  expect(body.split("\n").map((line) => JSON.parse(line))).toEqual(
    records.map(({ text }) => ({
      time: 1772323200.25,
      host: "w1",
      source: "breakwater",
      sourcetype: "breakwater:audit",
      index: "audit",
      event: JSON.parse(text),
    })),
  );
});

test("an event that is refused for its data is found among the others, which are accepted", async () => {
  const { target } = await splunk((events) =>
    events.some(({ event }) => event.seq === 5) ? { status: 400, code: 6 } : { status: 200, code: 0 },
  );
  const { refused, again } = await target.send(shippedRecords(9), signal);
  expect([refused.map(({ record }) => record.seq), again]).toEqual([[5], []]);
});

test.each([
  [403, 4],
  [400, 7],
  [503, 9],
  [200, 8],
  [500, 8],
])("HTTP %i with code %i blames no event: all are sent again", async (status, code) => {
  const { target } = await splunk(() => ({ status, code }));
  const { refused, again } = await target.send(shippedRecords(3), signal);
  expect([refused, again.map(({ seq }) => seq)]).toEqual([[], [1, 2, 3]]);
});

test("a server that goes away in the middle leaves what it did not accept, in order", async () => {
  let requests = 0;
  const { target } = await splunk(() => {
    requests += 1;
    if (requests === 1) return { status: 413, code: 6 };
    return requests === 2 ? { status: 200, code: 0 } : { status: 503, code: 9 };
  });
  expect((await target.send(shippedRecords(8), signal)).again.map(({ seq }) => seq)).toEqual([5, 6, 7, 8]);
});
