import { mergeSections } from "@breakwater/runtime/settings";
import { describe, expect, test } from "vitest";
import { problemsOf } from "./sample.ts";

describe("files are put together", () => {
  test("section by section and key by key", () => {
    const files = [
      { name: "a.json", content: { cell: { storage_gib: 2 } } },
      { name: "b.json", content: { cell: { memory_mib: 4096 }, front_door: {} } },
    ];
    expect(mergeSections(files)).toEqual({ cell: { storage_gib: 2, memory_mib: 4096 }, front_door: {} });
  });

  test("with the same value twice", () => {
    const content = { openshell: { network: { blocked_ports: [22, 3389] } } };
    expect(
      mergeSections([
        { name: "a.json", content },
        { name: "b.json", content },
      ]),
    ).toEqual(content);
  });

  test.each([
    [{ cell: { storage_gib: 1 } }, { cell: { storage_gib: 2 } }, "cell.storage_gib"],
    [{ a: [1] }, { a: [1, 2] }, "a"],
    [{ a: { b: 1 } }, { a: 1 }, "a"],
  ])("but %j and %j contradict each other: settings/conflict", (one, other, path) => {
    const files = [
      { name: "a.json", content: one },
      { name: "b.json", content: other },
    ];
    expect(problemsOf(() => mergeSections(files))).toEqual([
      {
        code: "settings/conflict",
        path,
        got: "different values in a.json and b.json",
        expected: "one value",
        remedy: "keep it in one of the files",
      },
    ]);
  });

  test("and a key that reaches a prototype is refused with its file", () => {
    const files = [{ name: "a.json", content: JSON.parse('{"cell": {"__proto__": {"x": 1}}}') as unknown }];
    expect(problemsOf(() => mergeSections(files)).map(({ code, path }) => `${code} ${path}`)).toEqual([
      "settings/forbidden-key a.json#cell.__proto__",
    ]);
  });

  test("and a file that is no object is refused", () => {
    expect(problemsOf(() => mergeSections([{ name: "a.json", content: 1 }]))[0]?.path).toBe("a.json#settings");
  });
});
