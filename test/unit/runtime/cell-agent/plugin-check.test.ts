import { describe, expect, test } from "vitest";
import { refusal } from "../../../../runtime/cell-agent/plugin-check.ts";

const healthy = { ok: true, plugins: { loaded: ["cell-guard", "memory-core"], errors: [], unavailable: [] } };
const required = ["cell-guard", "memory-core"];

describe("a cell", () => {
  test("may serve when every required plugin is loaded", () => {
    expect(refusal(healthy, required)).toBeUndefined();
  });

  test("may not serve without its guard", () => {
    const health = { ...healthy, plugins: { ...healthy.plugins, loaded: ["memory-core"] } };
    expect(refusal(health, required)).toBe("plugins not loaded: cell-guard");
  });

  test("may not serve while a plugin reports an error", () => {
    const health = { ...healthy, plugins: { ...healthy.plugins, errors: [{ id: "cell-guard" }] } };
    expect(refusal(health, required)).toBe("1 plugin errors");
  });

  test("may not serve while its gateway says that it is not healthy", () => {
    expect(refusal({ ...healthy, ok: false }, required)).toBe("the gateway says that it is not healthy");
  });

  test.each([[undefined], [{}], [{ ok: true }], [{ ok: true, plugins: { loaded: "cell-guard" } }]])(
    "may not serve when its health reads %j",
    (health) => {
      expect(refusal(health, required)).toBe("the gateway's health answer has an unknown shape");
    },
  );
});
