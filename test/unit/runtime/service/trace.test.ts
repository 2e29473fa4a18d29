import { expect, test } from "vitest";
import { continueTrace } from "../../../../runtime/service/trace.ts";

const sent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;

test("a caller's trace goes on with this service as the parent", () => {
  const { traceId, traceparent } = continueTrace(sent);
  expect(traceId).toBe("a".repeat(32));
  expect(traceparent).toMatch(new RegExp(`^00-${"a".repeat(32)}-(?!b{16})[0-9a-f]{16}-01$`));
});

test("a missing, malformed or empty trace begins a new one, never the same twice", () => {
  const headers = [
    undefined,
    "",
    "00-x",
    sent.toUpperCase(),
    `00-${"0".repeat(32)}-${"b".repeat(16)}-01`,
    [sent, sent],
  ];
  // More than one filling of the pool that random bytes come from.
  const made = Array.from({ length: 3000 }, (_, index) => continueTrace(headers[index % headers.length]));
  for (const { traceId, traceparent } of made) {
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
  }
  expect(new Set(made.map(({ traceId }) => traceId)).size).toBe(made.length);
  expect(new Set(made.map(({ traceparent }) => traceparent.slice(36, 52))).size).toBe(made.length);
});
