import { readSettingsText } from "@breakwater/runtime/settings";
import { describe, expect, test } from "vitest";
import { problemsOf } from "./sample.ts";

describe("the text of a settings file is read", () => {
  test("from JSON", () => {
    expect(readSettingsText("a.json", '{"cell": {}}')).toEqual({ name: "a.json", content: { cell: {} } });
  });

  test("from YAML", () => {
    expect(readSettingsText("a.yaml", "cell:\n  storage_gib: 2\n").content).toEqual({ cell: { storage_gib: 2 } });
  });

  test("from a Pulumi stack file, our keys only", () => {
    const text = "encryptionsalt: v1:x\nconfig:\n  kubernetes:context: a\n  breakwater:cell:\n    storage_gib: 2\n";
    expect(readSettingsText("stacks/Pulumi.local.yaml", text).content).toEqual({ cell: { storage_gib: 2 } });
  });
});

describe("a settings file is refused", () => {
  test.each([
    ["a.json", "{", "settings/unreadable"],
    ["a.json", "", "settings/unreadable"],
    ["a.yaml", "a: [1", "settings/unreadable"],
    ["a.yaml", "a: &x [1]\nb: [*y]", "settings/unreadable"],
    ["a.toml", "a = 1", "settings/unknown-format"],
    ["a.json", '{"b": {"a": 1, "c": {"a": 2}, "a": 3}}', "settings/duplicate-key"],
    ["a.json", '{"a": 1, "\\u0061": 3}', "settings/duplicate-key"],
    ["a.yaml", "a: 1\na: 2", "settings/duplicate-key"],
  ])("%s with %j: %s", (name, text, code) => {
    expect(problemsOf(() => readSettingsText(name, text)).map((problem) => `${problem.code} ${problem.path}`)).toEqual([
      `${code} ${name}`,
    ]);
  });

  test("when a date stands without quotes, where the engine would read another text", () => {
    const text = 'a:\n  - {from: 2026-11-01, day: "2026-11-01"}\nb: 2026-11-01T00:00:00Z\n';
    expect(problemsOf(() => readSettingsText("a.yaml", text)).map(({ code, path }) => `${code} ${path}`)).toEqual([
      "settings/unquoted-date a.yaml: a.from",
      "settings/unquoted-date a.yaml: b",
    ]);
  });

  test("when aliases multiply without end", () => {
    const levels = "bcdefgh".split("").map((name, index) => {
      const before = String.fromCharCode(name.charCodeAt(0) - 1);
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(",")}] # ${index}`;
    });
    const text = ["a: &a [x,x,x]", ...levels].join("\n");
    expect(problemsOf(() => readSettingsText("a.yaml", text))[0]?.code).toBe("settings/unreadable");
  });
});

test("the same key in two objects of a JSON text is no repetition", () => {
  expect(readSettingsText("a.json", '{"x": [{"a": 1}, {"a": "a: {"}], "a": 1}').name).toBe("a.json");
});
