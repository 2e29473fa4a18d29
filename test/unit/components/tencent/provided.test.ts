import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isUnknown, output } from "@pulumi/pulumi/output.js";
import { setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accountOf, numberIn, provided } from "../../../../components/tencent/provided.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "breakwater-provided-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const mocks = { newResource: () => ({ id: "", state: {} }), call: () => ({}) };

test("an update that nobody has told the account refuses before it makes anything, and says what to do", async () => {
  await setMocks(mocks, "breakwater", "test", false);
  expect(() => accountOf(folder)).toThrow(
    "[tencent/not-provided] components/tencent/provided/account.json: got no such file; expected",
  );
  expect(() => provided("gvisor.sha512", folder)).toThrow("put `sha512sum runsc containerd-shim-runsc-v1` there");
});

test("a preview shows what is missing as unknown", async () => {
  await setMocks(mocks, "breakwater", "test", true);
  const text = output(provided("postgres-authority.pem", folder));
  expect(await (text as unknown as { promise(withUnknowns: boolean): Promise<unknown> }).promise(true)).toSatisfy(
    isUnknown,
  );
});

test("what is there is used", async () => {
  await setMocks(mocks, "breakwater", "test", false);
  writeFileSync(join(folder, "account.json"), '{"appId": "1250000000", "uin": "100000000001"}');
  const { appId, uin } = accountOf(folder);
  expect(await new Promise((resolve) => output([appId, uin]).apply(resolve))).toEqual(["1250000000", "100000000001"]);
});

test.each(['{"uin": 100000000001}', '{"uin": "me"}', "{}"])("%s names no account", (json) => {
  expect(() => numberIn(json, "uin")).toThrow(
    "[tencent/malformed-account] components/tencent/provided/account.json uin",
  );
});
