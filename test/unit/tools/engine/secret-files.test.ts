import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SecretFiles } from "../../../../components/secret-files.ts";
import { kubeCluster } from "../../../../tools/engine/provider/secret-cluster.ts";
import { SecretFilesResource } from "../../../../tools/engine/provider/secret-files.ts";
import { changedFields, shapeFailures, UNKNOWN } from "../../../../tools/engine/provider/secret-inputs.ts";
import { fingerprint, readSecretFiles } from "../../../../tools/engine/provider/secret-source.ts";
import { PROVIDER_VERSION } from "../../../../tools/engine/provider/version.ts";
import { record } from "../../../support/record.ts";

const inputs = { namespace: "tenant-a", name: "cell", files: { token: "a/token" } };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "secrets-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test("every mistake in the inputs is named at once", () => {
  const wrong = {
    namespace: "Tenant A",
    name: "",
    files: { "a b": "token", c: "../x" },
    labels: { a: 1 },
    extra: true,
  };
  expect(shapeFailures(wrong).map(({ reason }) => reason.split(":")[0])).toEqual([
    "[secrets/malformed] extra",
    "[secrets/malformed] namespace",
    "[secrets/malformed] name",
    "[secrets/malformed] files[a b]",
    "[secrets/outside] files[c]",
    "[secrets/malformed] labels",
  ]);
});

test("no path with a step upwards passes, wherever it stands", () => {
  const parts = fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 4 });
  fc.assert(
    fc.property(parts, parts, (before, after) => {
      const path = [...before, "..", ...after].join("/");
      expect(shapeFailures({ ...inputs, files: { token: path } })).toHaveLength(1);
    }),
  );
});

test("any change of a key or its content changes the fingerprint, and their order does not", () => {
  const source = { folder, fingerprintKey: "key" };
  const content = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.string({ maxLength: 6 }), {
    minKeys: 1,
    maxKeys: 4,
  });
  const print = (entries: readonly (readonly [string, string])[]) =>
    fingerprint(source, new Map(entries.map(([key, text]) => [key, Buffer.from(text)])));
  fc.assert(
    fc.property(content, content, (a, b) => {
      const same = JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
      expect(print(Object.entries(a)) === print(Object.entries(b))).toBe(same);
      expect(print(Object.entries(a).reverse())).toBe(print(Object.entries(a)));
    }),
  );
});

test("another key gives another fingerprint, so the state is no oracle for a short secret", () => {
  const content = new Map([["pin", Buffer.from("1234")]]);
  expect(fingerprint({ folder, fingerprintKey: "a" }, content)).not.toBe(
    fingerprint({ folder, fingerprintKey: "b" }, content),
  );
});

test("more than Kubernetes stores in one Secret is refused", () => {
  writeFileSync(join(folder, "big"), Buffer.alloc(1024 * 1024 + 1));
  const { failures } = readSecretFiles({ folder, fingerprintKey: "key" }, { big: "big" });
  expect(failures.map(({ reason }) => reason.split(":")[0])).toEqual(["[secrets/too-large] files"]);
});

test("moving a file without changing its content changes nothing in the cluster", () => {
  const before = { ...inputs, fingerprint: "f" };
  expect(changedFields(before, { ...before, files: { token: "b/token" } })).toEqual([]);
  expect(changedFields(before, { ...before, labels: { a: "b" } })).toEqual(["labels"]);
});

test("what is no kubeconfig is refused without being quoted, and one that is not known yet passes", () => {
  const [failure, ...others] = shapeFailures({ ...inputs, kubeconfig: { token: "s3cret" } });
  expect(others).toEqual([]);
  expect(failure).toMatchObject({ property: "kubeconfig" });
  expect(failure?.reason).not.toContain("s3cret");
  expect(shapeFailures({ ...inputs, kubeconfig: UNKNOWN })).toEqual([]);
});

test("the Secret goes to the cluster that its kubeconfig names, and without one to that of the deploying machine", async () => {
  writeFileSync(join(folder, "token"), "word");
  const reached: (string | undefined)[] = [];
  const cluster = (kubeconfig: string | undefined) => {
    reached.push(kubeconfig);
    return { apply: async () => {}, read: async () => undefined, remove: async () => {} };
  };
  const resource = new SecretFilesResource({ source: () => ({ folder, fingerprintKey: "key" }), cluster });
  const files = { token: "token" };
  for (const kubeconfig of [{ kubeconfig: "that of the cloud" }, {}]) {
    const { inputs: checked } = resource.check({ ...inputs, files, ...kubeconfig });
    const { state } = await resource.create(checked);
    await resource.read(state);
    await resource.delete(state);
  }
  const [cloud, own] = ["that of the cloud", undefined];
  expect(reached).toEqual([cloud, cloud, cloud, own, own, own]);
  expect(changedFields({ ...inputs, kubeconfig: "a" }, { ...inputs, kubeconfig: "b" })).toEqual(["kubeconfig"]);
});

test("a text that is no kubeconfig is an error that does not quote it", async () => {
  const cluster = kubeCluster({ text: "password: {s3cret" });
  const refusal = await cluster.read("tenant-a", "cell").then(
    () => "read",
    (error: Error) => error.message,
  );
  expect(refusal).toContain("[secrets/no-cluster] kubeconfig: got a text that is no kubeconfig");
  expect(refusal).not.toContain("s3cret");
});

test("the component sends paths only", async () => {
  const [sent] = await record(() => new SecretFiles("keys", inputs));
  expect([sent?.type, sent?.inputs]).toEqual(["breakwater:index:SecretFiles", inputs]);
  expect(PROVIDER_VERSION).toBe("0.1.0");
});
