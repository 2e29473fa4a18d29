import fc from "fast-check";
import { expect, test } from "vitest";
import { Breach, type Check, runCheck } from "../../../../cli/verify/check.ts";
import { fakeWorld } from "../../../support/fake-world.ts";

const world = fakeWorld();
const check = (run: Check["run"]): Check => ({ id: "area/what", claim: "it holds", control: "the wall", run });

test("a check that returns has passed, with what it saw", async () => {
  expect(
    await runCheck(
      check(async () => ["one", "two"]),
      world,
    ),
  ).toEqual({
    id: "area/what",
    claim: "it holds",
    control: "the wall",
    verdict: "held",
    passed: true,
    seen: ["one", "two"],
    seconds: expect.any(Number),
  });
});

test("a breach has failed and says what was breached", async () => {
  const outcome = await runCheck(
    check(() => Promise.reject(new Breach("it is open"))),
    world,
  );
  expect([outcome.verdict, outcome.passed, outcome.seen]).toEqual(["breached", false, ["it is open"]]);
});

test("whatever else is thrown has failed too, as an attack that was not carried out", async () => {
  await fc.assert(
    fc.asyncProperty(fc.anything(), async (thrown) => {
      fc.pre(!(thrown instanceof Breach));
      // What cannot be shown as text is no error that JavaScript code throws.
      fc.pre(shows(thrown));
      const outcome = await runCheck(
        check(() => Promise.reject(thrown)),
        world,
      );
      expect([outcome.verdict, outcome.passed]).toEqual(["unproven", false]);
      expect(outcome.seen[0]).toMatch(/^could not be carried out: /);
    }),
  );
});

test("an error that a check throws at once is a failed outcome and not an end of the run", async () => {
  const outcome = await runCheck(
    check(() => {
      throw new TypeError("no such thing");
    }),
    world,
  );
  expect([outcome.passed, outcome.seen]).toEqual([false, ["could not be carried out: no such thing"]]);
});

function shows(value: unknown): boolean {
  try {
    return String(value) !== undefined;
  } catch {
    return false;
  }
}
