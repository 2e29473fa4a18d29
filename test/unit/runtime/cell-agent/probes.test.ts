import { expect, test } from "vitest";
import { probe } from "../../../../runtime/cell-agent/probes.ts";

const notReady = { ready: false, reason: "plugins not loaded: cell-guard" } as const;

test("the agent lives while its cell is not ready", () => {
  expect(probe("GET", "/healthz", notReady)).toEqual({ status: 200, body: { status: "live" } });
});

test("readiness is 503 with the reason until the cell may serve", () => {
  expect(probe("GET", "/readyz", notReady)).toEqual({ status: 503, body: notReady });
  expect(probe("GET", "/readyz", { ready: true })).toEqual({ status: 200, body: { ready: true } });
});

test("there is nothing else to ask for", () => {
  expect(probe("GET", "/", notReady).status).toBe(404);
  expect(probe("POST", "/healthz", notReady).status).toBe(405);
});
