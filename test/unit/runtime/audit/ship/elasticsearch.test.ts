import { afterEach, expect, test } from "vitest";
import { ElasticsearchTarget } from "../../../../../runtime/audit/ship/elasticsearch.ts";
import { secretFile, shippedRecords, standIn } from "./stand-ins.ts";

const signal = new AbortController().signal;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** A stand-in for Elasticsearch, and a target that delivers to it. `answer` gives the status of an item, by its seq. */
async function elasticsearch(item: (seq: number) => number, whole?: (items: number) => number | undefined) {
  const server = await standIn(({ body }) => {
    const lines = body.trimEnd().split("\n");
    const status = whole?.(lines.length / 2) ?? 200;
    if (status !== 200) return { status, body: { error: "stand-in" } };
    const items = lines
      .filter((_, at) => at % 2 === 1)
      .map((line) => ({ create: { status: item(JSON.parse(line).seq), error: { type: "stand_in" } } }));
    return { status: 200, body: { took: 1, errors: false, items } };
  });
  const target = new ElasticsearchTarget({
    kind: "elasticsearch",
    name: "siem",
    url: server.url,
    index: "audit",
    api_key_file: secretFile("key-1"),
  });
  open.push(target, server);
  return { server, target };
}

test("each record is created under an id of its own, so that a repeated delivery does not double it", async () => {
  const known = new Set<string>();
  const { server, target } = await elasticsearch((seq) => {
    const id = String(seq);
    if (known.has(id)) return 409;
    known.add(id);
    return 201;
  });
  const records = shippedRecords(2);
  expect(await target.send(records, signal)).toEqual({ refused: [], again: [] });
  expect(await target.send(records, signal)).toEqual({ refused: [], again: [] });
  const [{ path, headers, body } = { path: "", headers: {}, body: "" }] = server.got;
  expect([path, headers["authorization"]]).toEqual(["/_bulk", "ApiKey key-1"]);
  expect(headers["content-type"]).toBe("application/x-ndjson");
  expect(body.split("\n")).toEqual([
    '{"create":{"_index":"audit","_id":"w1-1-0000000000000000"}}',
    records[0]?.text,
    '{"create":{"_index":"audit","_id":"w1-2-0000000000000000"}}',
    records[1]?.text,
    "",
  ]);
});

test("items are judged one by one: busy ones are sent again, refused ones are named, the rest is accepted", async () => {
  const { target } = await elasticsearch((seq) => [201, 429, 400, 503, 403][seq - 1] ?? 201);
  const { refused, again, trouble } = await target.send(shippedRecords(6), signal);
  expect(refused.map(({ record, reason }) => [record.seq, reason])).toEqual([[3, "item status 400, stand_in"]]);
  expect(again.map(({ seq }) => seq)).toEqual([2, 4, 5]);
  expect(trouble).toContain("429");
});

test("a request that is refused as a whole is sent again; one that is too large is halved down to the record", async () => {
  const busy = await elasticsearch(
    () => 201,
    () => 401,
  );
  expect((await busy.target.send(shippedRecords(3), signal)).again).toHaveLength(3);
  const small = await elasticsearch(
    () => 201,
    (items) => (items > 2 ? 413 : undefined),
  );
  expect(await small.target.send(shippedRecords(9), signal)).toEqual({ refused: [], again: [] });
  const none = await elasticsearch(
    () => 201,
    () => 413,
  );
  expect((await none.target.send(shippedRecords(2), signal)).refused).toHaveLength(2);
});
