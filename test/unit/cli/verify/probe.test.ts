import { execFile, spawnSync } from "node:child_process";
import { createServer, type Server } from "node:net";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Breach } from "../../../../cli/verify/check.ts";
import { judgeProbe, probeCommand } from "../../../../cli/verify/probe.ts";
import type { Target } from "../../../../cli/verify/world.ts";

const target = (name: string): Target => ({ name, host: `${name}.invalid`, port: 1 });
const address = ({ host, port }: Target) => `${host}:${port}`;
const printed = (seen: Readonly<Record<string, string>>) => ({ stdout: JSON.stringify(seen), stderr: "", exitCode: 0 });

const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 6 });
const refused = fc.constantFrom("timed out", "ECONNREFUSED", "No route to host", "OPEN", "", "opened");

test("a probe passes only if every open target is open and every closed one was tried and is not", () => {
  fc.assert(
    fc.property(
      names,
      names,
      refused,
      fc.func(fc.boolean()),
      fc.func(fc.boolean()),
      (open, closed, reason, isOpen, tried) => {
        const expected = {
          open: open.map((name) => target(`o-${name}`)),
          closed: closed.map((name) => target(`c-${name}`)),
        };
        const all = [...expected.open, ...expected.closed];
        const seen = Object.fromEntries(
          all.filter(({ name }) => tried(name)).map((one) => [address(one), isOpen(one.name) ? "open" : reason]),
        );
        const good =
          expected.open.every((one) => seen[address(one)] === "open") &&
          expected.closed.every((one) => seen[address(one)] === reason);
        let passed = true;
        try {
          judgeProbe(printed(seen), expected);
        } catch {
          passed = false;
        }
        expect(passed).toBe(good);
      },
    ),
  );
});

test("every closed target that answered is named in the breach", () => {
  const expected = { open: [target("own")], closed: [target("a"), target("b"), target("c")] };
  const seen = { "own.invalid:1": "open", "a.invalid:1": "open", "b.invalid:1": "timed out", "c.invalid:1": "open" };
  expect(() => judgeProbe(printed(seen), expected)).toThrow(new Breach("reachable: a (a.invalid:1), c (c.invalid:1)"));
});

test("where the positive control is dead, an open forbidden address is no breach but no pass either", () => {
  const expected = { open: [target("own")], closed: [target("a")] };
  const judge = () => judgeProbe(printed({ "own.invalid:1": "timed out", "a.invalid:1": "timed out" }), expected);
  expect(judge).toThrow("the probe cannot reach what it must reach (own: timed out), so it proves nothing");
  expect(judge).not.toThrow(Breach);
});

test("a closed target that was not tried is not counted as closed", () => {
  const expected = { open: [target("own")], closed: [target("a"), target("b")] };
  expect(() => judgeProbe(printed({ "own.invalid:1": "open", "a.invalid:1": "timed out" }), expected)).toThrow(
    "not tried: b",
  );
});

test.each([
  [
    "ended with an error",
    { stdout: "", stderr: "python3: not found", exitCode: 127 },
    "the probe ended with 127: python3: not found",
  ],
  ["printed no JSON", { stdout: "Segmentation fault", stderr: "", exitCode: 0 }, "JSON"],
  ["printed nothing", { stdout: "", stderr: "", exitCode: 0 }, "JSON"],
])("a probe that %s proves nothing", (_what, executed, message) => {
  expect(() => judgeProbe(executed, { open: [], closed: [target("a")] })).toThrow(message);
});

const hasPython = spawnSync("python3", ["--version"]).status === 0;
let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((socket) => socket.end());
  port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
});
afterAll(() => server.close());

/** What a probe command really prints on this machine, with this machine's interpreter in place of the image's. */
async function run(interpreter: "python3" | "node", targets: readonly Target[]) {
  const [program = "", ...args] = probeCommand(interpreter, targets);
  const { stdout } = await promisify(execFile)(interpreter === "node" ? process.execPath : program, args);
  return JSON.parse(stdout) as Record<string, string>;
}

test.each(["node", "python3"] as const)(
  "the %s probe tells a server that answers from one that does not",
  async (interpreter) => {
    if (interpreter === "python3" && !hasPython) return;
    const open = { name: "server", host: "127.0.0.1", port };
    // Port 1 has no server: connections to it are refused at once.
    const closed = { name: "nothing", host: "127.0.0.1", port: 1 };
    const seen = await run(interpreter, [open, closed]);
    expect(seen).toEqual({ [`127.0.0.1:${port}`]: "open", "127.0.0.1:1": expect.stringMatching(/refused/i) });
    expect(
      judgeProbe({ stdout: JSON.stringify(seen), stderr: "", exitCode: 0 }, { open: [open], closed: [closed] }),
    ).toBe("1 addresses out of reach, 1 in reach as they should be");
  },
);

test("each image is probed with the interpreter that it has", () => {
  expect(probeCommand("node", [target("a")])).toEqual(["/usr/local/bin/node", "-e", expect.any(String), "a.invalid:1"]);
  expect(probeCommand("python3", [target("a")])).toEqual(["python3", "-c", expect.any(String), "a.invalid:1"]);
});
