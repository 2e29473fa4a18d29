import { expect, test } from "vitest";
import { powerCuts } from "../../../support/audit-power-cut.ts";

test("a power cut at any moment loses no acknowledged record, and the log verifies and goes on after it", async () => {
  for (let seed = 1; seed <= 100; seed += 1) expect(await powerCuts(seed, 10)).toEqual([]);
}, 60_000);
