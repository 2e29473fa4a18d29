import { expect, test } from "vitest";
import { readEnvironmentFile } from "../../../../cli/environment.ts";
import { recordProgram } from "../../../../cli/plan/recorder.ts";

test("a second plan in the same process is the whole plan again, whatever was planned before", async () => {
  const { name, sections } = readEnvironmentFile("local");
  const urns = async () => (await recordProgram(name, sections)).map(({ urn }) => urn).sort();
  const first = await urns();
  const other = readEnvironmentFile("acme-dgx");
  expect((await recordProgram(other.name, other.sections)).length).toBeGreaterThan(first.length);
  expect(first.length).toBeGreaterThan(50);
  expect(await urns()).toEqual(first);
});
