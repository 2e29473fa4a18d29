import { formatProblem, ProblemError } from "@breakwater/runtime/problems";
import { afterEach, expect, test, vi } from "vitest";
import { ensureCommands, hasCommand } from "../../../tools/packages.ts";
import { silent } from "../../../tools/progress.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("a program is found by its name, and one that is not there is not", () => {
  expect(hasCommand("sh")).toBe(true);
  expect(hasCommand("no-such-program")).toBe(false);
});

test("nothing is installed where everything is there", async () => {
  await expect(ensureCommands({ sh: "no-such-package" }, silent)).resolves.toBeUndefined();
});

test("who may not install is told every missing program and the one line that brings them", async () => {
  vi.spyOn(process, "getuid").mockReturnValue(1000);
  const refused = ensureCommands({ "no-such-a": "package-a", sh: "dash", "no-such-b": "package-b" }, silent);
  const error: unknown = await refused.catch((reason: unknown) => reason);
  const line = "as root: apt-get install -y --no-install-recommends package-a package-b";
  expect(error instanceof ProblemError && error.problems.map(formatProblem)).toEqual([
    `[packages/missing-program] no-such-a: got no such program on PATH; expected no-such-a, of Debian's package package-a; ${line}`,
    `[packages/missing-program] no-such-b: got no such program on PATH; expected no-such-b, of Debian's package package-b; ${line}`,
  ]);
});
