import { expect, test } from "vitest";
import type { GatewayConnection } from "../../../../runtime/cell-agent/gateway-connection.ts";
import { LONGEST_RETRY_MS, RECHECK_MS, type Readiness, watch } from "../../../../runtime/cell-agent/watch.ts";

const healthy = { ok: true, plugins: { loaded: ["cell-guard"], errors: [] } };
const unguarded = { ok: true, plugins: { loaded: [], errors: [] } };

/** Runs a watch over scripted connections: each is the list of its health answers; an Error ends or refuses it. */
async function run(script: readonly (readonly unknown[] | Error)[]) {
  const seen: Readiness[] = [];
  const slept: number[] = [];
  let next = 0;
  await watch({
    requiredPlugins: ["cell-guard"],
    onChange: (readiness) => seen.push(readiness),
    stopped: () => next > script.length,
    sleep: async (ms) => {
      slept.push(ms);
    },
    connect: async () => {
      const step = script[next];
      next += 1;
      if (step === undefined || step instanceof Error) throw step ?? new Error("end");
      const answers = [...step];
      const connection: GatewayConnection = {
        closed: new Promise<string>(() => {}),
        close: () => undefined,
        call: async () => {
          if (answers.length === 0) throw new Error("closed: code 1006");
          return answers.shift();
        },
      };
      return connection;
    },
  });
  return { seen, slept };
}

test("a cell is not ready before its first check", async () => {
  expect((await run([])).seen[0]).toEqual({ ready: false, reason: "not checked yet" });
});

test("a cell is ready after a check and not ready again when its gateway is lost", async () => {
  const { seen } = await run([[healthy, healthy]]);
  expect(seen.slice(1, 3)).toEqual([{ ready: true }, { ready: false, reason: "gateway: closed: code 1006" }]);
});

test("a plugin that is lost later makes the cell not ready", async () => {
  const { seen, slept } = await run([[healthy, unguarded]]);
  expect(seen[2]).toEqual({ ready: false, reason: "plugins not loaded: cell-guard" });
  expect(slept[0]).toBe(RECHECK_MS);
});

test("retries wait longer and longer up to a limit, and are short again after a connection", async () => {
  const refused = new Error("no connection");
  const { slept } = await run([refused, refused, refused, refused, [healthy], refused]);
  expect(slept.slice(0, 4)).toEqual([500, 1000, 2000, LONGEST_RETRY_MS]);
  expect(slept.slice(4, 6)).toEqual([RECHECK_MS, 500]);
});

test("a readiness that stays the same is said once", async () => {
  const { seen } = await run([[healthy, healthy, healthy]]);
  expect(seen.filter(({ ready }) => ready)).toHaveLength(1);
});
