import { expect, test } from "vitest";
import { AdminPassword } from "../../../../components/admin-password.ts";
import {
  ADMIN_PASSWORD,
  AdminPasswordResource,
  randomPassword,
} from "../../../../tools/engine/provider/admin-password.ts";
import { UNKNOWN } from "../../../../tools/engine/provider/secret-inputs.ts";
import { PROVIDER_VERSION } from "../../../../tools/engine/provider/version.ts";
import { record } from "../../../support/record.ts";

const resource = new AdminPasswordResource();
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

test("a password has 32 letters and digits of every kind, and no two are alike", () => {
  const passwords = Array.from({ length: 500 }, randomPassword);
  for (const password of passwords) {
    expect(password).toMatch(/^(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9])[A-Za-z0-9]{32}$/);
  }
  expect(new Set(passwords).size).toBe(passwords.length);
});

test("the engine gets it marked as a secret, whenever it gets it", async () => {
  const { state } = await resource.create();
  const marked = state["password"] as { value: string };
  expect(marked).toEqual({ ...SECRET, value: expect.stringMatching(/^[A-Za-z0-9]{32}$/) });
  const plain = { password: marked.value };
  expect(await resource.read(plain)).toEqual(state);
  expect(await resource.update(plain)).toEqual(state);
});

test("it is made once: nothing that comes later changes it", () => {
  expect(resource.diff()).toEqual({ changed: [], replaces: [] });
});

test("a preview makes none", () => {
  expect(resource.preview()).toEqual({ password: UNKNOWN });
});

test("nobody can choose it", () => {
  expect(resource.check({ password: "mine" }).failures.map(({ property }) => property)).toEqual(["password"]);
  expect(resource.check({}).failures).toEqual([]);
});

test("the program asks for it by the plugin's version, and sends nothing", async () => {
  const [sent] = await record(() => new AdminPassword("database"));
  expect([sent?.type, sent?.inputs]).toEqual([ADMIN_PASSWORD, {}]);
  expect(PROVIDER_VERSION).toBe("0.1.0");
});
