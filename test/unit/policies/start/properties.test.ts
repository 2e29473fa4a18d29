import { createRequire } from "node:module";
import { join } from "node:path";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, test } from "vitest";
import { projectRoot } from "../../../../tools/paths.ts";

type Read = (properties: struct.Struct, markSecrets: boolean) => Record<string, unknown>;

const load = createRequire(join(projectRoot, "policies/pack.cjs"));
load("./start/properties.cjs").readPropertiesOnce();
/** As `@pulumi/policy` itself looks it up at each call. */
const reading = load("@pulumi/policy/deserialize") as { readonly deserializeProperties: Read };

const properties = struct.Struct.fromJavaScript({ bucket: { acl: "private" } });

test("a resource is read once for all policies, and another for itself, be it alike or not", () => {
  const first = reading.deserializeProperties(properties, false);
  expect(first).toEqual({ bucket: { acl: "private" } });
  expect(reading.deserializeProperties(properties, false)).toBe(first);
  const alike = struct.Struct.fromJavaScript({ bucket: { acl: "private" } });
  expect(reading.deserializeProperties(alike, false)).not.toBe(first);
});

test("what a remediation may change is read for it alone", () => {
  const shared = reading.deserializeProperties(properties, false);
  expect(reading.deserializeProperties(properties, true)).not.toBe(shared);
});
