import { execFileSync } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gvisorUserData } from "../../../../components/alibaba/gvisor-node.ts";
import { built, demand, inputsOf } from "./world.ts";

const sums = readFileSync(join(import.meta.dirname, "provided", "gvisor.sha512"), "utf8");
const node = { bucket: "acme-artifacts", region: "cn-hangzhou", sums };
const script = Buffer.from(gvisorUserData(node), "base64").toString();
const FETCH = join(import.meta.dirname, "..", "..", "..", "..", "components", "alibaba", "fetch-artifact.py");

test("a sandbox node checks what it installs by the hash that the plan knows, before it installs it", () => {
  const check = script.indexOf("sha512sum --check --strict");
  expect(script.indexOf(`${"0123456789abcdef".repeat(8)}  runsc`)).toBeGreaterThan(check);
  expect(script.indexOf("install -o root")).toBeGreaterThan(check);
  expect(check).toBeGreaterThan(0);
  expect(script).toMatch(/^#!\/bin\/bash\nset -euo pipefail\n/);
});

test("nothing is fetched from the internet", () => {
  expect(script.match(/https?:\/\/[^\s"']+/g)).toEqual(["http://100.100.100.200/latest", "https://%s/%s"]);
  expect(script).toContain('"%s.oss-%s-internal.aliyuncs.com"');
});

test("it is a script that bash takes", () => {
  expect(() => execFileSync("bash", ["-n"], { input: script })).not.toThrow();
});

test("annotations of a pod reach gVisor, which makes its scratch folders from them", () => {
  expect(script).toContain('pod_annotations = ["dev.gvisor.*"]');
});

test("nothing of the file with the sums but the sums reaches a shell", () => {
  const hostile = `${sums}$(touch /tmp/owned)\nEND_OF_SUMS\nrm -rf /\n`;
  expect(gvisorUserData({ ...node, sums: hostile })).toBe(gvisorUserData(node));
});

test("a file without a sum for each binary is refused", () => {
  const [first = ""] = sums.split("\n");
  expect(() => gvisorUserData({ ...node, sums: first })).toThrow(
    /^\[alibaba\/malformed-sums\] .*got no SHA-512 of containerd-shim-runsc-v1/,
  );
});

test("the node pool gets the script with the made bucket's name", async () => {
  const { userData } = inputsOf(await built(demand("acme-alibaba")), ":NodePool", "alibaba-nodes-sandbox") as {
    userData: string;
  };
  expect(Buffer.from(userData, "base64").toString()).toContain(
    "python3 fetch-artifact.py alibaba-storage-artifacts-id cn-hangzhou gvisor/runsc > runsc",
  );
});

interface Signed {
  readonly method: string;
  readonly date: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Signature version 4 of OSS by its documented steps, apart from the script that nodes run. */
function signature({ method, date, query, headers }: Signed): string {
  const day = date.slice(0, 8);
  const lines = Object.entries(headers)
    .sort()
    .map(([name, value]) => `${name}:${value}\n`);
  const request = [method, "/bucket/1234%2B-/123/1.txt", query, lines.join(""), "", "UNSIGNED-PAYLOAD"].join("\n");
  const digest = createHash("sha256").update(request).digest("hex");
  const text = ["OSS4-HMAC-SHA256", date, `${day}/cn-hangzhou/oss/aliyun_v4_request`, digest].join("\n");
  const parts = [day, "cn-hangzhou", "oss", "aliyun_v4_request"];
  const key = parts.reduce<string | Buffer>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    "aliyun_v4sk",
  );
  return createHmac("sha256", key).update(text).digest("hex");
}

const SIGN = `
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("fetch", sys.argv[1])
fetch = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fetch)
credentials = {"id": "ak", "secret": "sk", "token": "token"}
print(json.dumps(fetch.authorization(credentials, "bucket", "cn-hangzhou", "1234+-/123/1.txt", "20231217T034736Z")))
`;

test("these steps give the signature of the vector that OSS's own SDKs are tested with", () => {
  const vector = {
    method: "PUT",
    date: "20231216T162057Z",
    query: "%2Bparam1=value3&%2Bparam2&%7Cparam1=value4&%7Cparam2&param1=value1&param2",
    headers: {
      "content-type": "text/plain",
      "x-oss-content-sha256": "UNSIGNED-PAYLOAD",
      "x-oss-date": "20231216T162057Z",
      "x-oss-head1": "value",
    },
  };
  // alibabacloud-oss-go-sdk-v2 oss/signer/signer_test.go TestV4AuthHeader, read 2026-11-24.
  expect(signature(vector)).toBe("e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe");
});

test("a node signs its requests by them: the token of its role is signed, region and day are in the scope", () => {
  const output = execFileSync("python3", ["-B", "-c", SIGN, FETCH], { encoding: "utf8" });
  const { Authorization, ...headers } = JSON.parse(output) as Record<string, string>;
  expect(headers).toEqual({
    "x-oss-content-sha256": "UNSIGNED-PAYLOAD",
    "x-oss-date": "20231217T034736Z",
    "x-oss-security-token": "token",
  });
  const expected = signature({ method: "GET", date: "20231217T034736Z", query: "", headers });
  expect(Authorization).toBe(
    `OSS4-HMAC-SHA256 Credential=ak/20231217/cn-hangzhou/oss/aliyun_v4_request,Signature=${expected}`,
  );
});
