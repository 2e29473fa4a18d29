import { expect, test } from "vitest";
import { parseEvent, shortName } from "../../../../tools/engine/events.ts";
import { RunRecorder } from "../../../../tools/engine/summary.ts";

function recorder(): { readonly recorder: RunRecorder; readonly said: string[] } {
  const said: string[] = [];
  const start = (label: string) => ({
    update: () => {},
    done: () => said.push(`done ${label}`),
    fail: (reason: string) => said.push(`fail ${label}: ${reason}`),
  });
  return { recorder: new RunRecorder({ start }), said };
}

const urn = "urn:pulumi:s::p::a:b:C$kubernetes:core/v1:Namespace::tenant-a";
const metadata = { op: "create", urn, type: "kubernetes:core/v1:Namespace" };

test("a resource is named by its type and name", () => {
  expect(shortName(urn)).toBe("kubernetes:core/v1:Namespace tenant-a");
});

test("a line that is no engine event is not taken for one", () => {
  for (const line of ["", "hello", "{", "{}", "[1]", '{"a":1}']) expect(parseEvent(line)).toBeUndefined();
  expect(parseEvent('{"sequence":1,"cancelEvent":{}}')).toEqual({ sequence: 1, cancelEvent: {} });
});

test("a resource that failed ends as failed, one that was never reported on as not finished", () => {
  const { recorder: record, said } = recorder();
  record.take({ resourcePreEvent: { metadata } });
  record.take({ resOpFailedEvent: { metadata } });
  record.take({ resourcePreEvent: { metadata } });
  record.close("not finished");
  expect(said).toEqual([
    "fail create kubernetes:core/v1:Namespace tenant-a: failed",
    "fail create kubernetes:core/v1:Namespace tenant-a: not finished",
  ]);
});

test("resources that stay the same are not shown", () => {
  const { recorder: record, said } = recorder();
  record.take({ resourcePreEvent: { metadata: { ...metadata, op: "same" } } });
  record.close("not finished");
  expect(said).toEqual([]);
});

test("a mandatory violation is a violation, advice is a warning", () => {
  const { recorder: record } = recorder();
  const event = { resourceUrn: urn, message: "no\nreally", policyName: "rule" };
  record.take({ policyEvent: { ...event, enforcementLevel: "mandatory" } });
  record.take({ policyEvent: { ...event, enforcementLevel: "advisory" } });
  const text = "rule: kubernetes:core/v1:Namespace tenant-a: no really";
  expect([record.violations, record.summary().warnings]).toEqual([[text], [text]]);
});

test("that the whole run failed is said only when nothing else was", () => {
  const { recorder: record } = recorder();
  record.take({ diagnosticEvent: { message: "update failed\n", severity: "error" } });
  expect(record.errors).toEqual(["update failed"]);
  record.take({ diagnosticEvent: { urn, message: "quota\n", severity: "error" } });
  expect(record.errors).toEqual(["kubernetes:core/v1:Namespace tenant-a: quota"]);
});
