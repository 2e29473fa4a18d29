import { expect, test } from "vitest";
import { environmentNames, readEnvironmentFile } from "../../../../cli/environment.ts";
import { withExceptions } from "../../../../tools/docs/exceptions-table.ts";
import { generatedPages } from "../../../../tools/docs/pages.ts";

const PAGE = [
  "before",
  "<!-- exceptions: written by `npm run docs` from stacks/Pulumi.*.yaml; do not edit -->",
  "an old table",
  "<!-- exceptions: end -->",
  "after",
].join("\n");

const vault = { rule: "CRY-004", owner: "platform", reason: "there is no vault here", expires: "2027-03-31" };
const database = { ...vault, rule: "CRY-003", resource: "::postgres", reason: "one key for both" };

test("what several environments except with the same words is one row, in the order of the rules", () => {
  const made = withExceptions(PAGE, [
    { name: "a", exceptions: [vault] },
    { name: "b", exceptions: [vault, database] },
    { name: "c", exceptions: [{ ...vault, reason: "the vault is another's" }] },
  ]);
  const rows = made.split("\n").filter((line) => line.startsWith("| CRY"));
  expect(rows.map((row) => row.split(" | ").filter((_, column) => column !== 1))).toEqual([
    ["| CRY-003", "`::postgres`", "b", "one key for both", "2027-03-31 |"],
    ["| CRY-004", "everywhere", "a, b", "there is no vault here", "2027-03-31 |"],
    ["| CRY-004", "everywhere", "c", "the vault is another's", "2027-03-31 |"],
  ]);
  expect(made).not.toContain("an old table");
  expect([made.startsWith("before\n"), made.endsWith("\nafter")]).toEqual([true, true]);
});

test("a page without the marks stays as it is", () => {
  expect(withExceptions("a page", [{ name: "a", exceptions: [vault] }])).toBe("a page");
});

test("the page about policies has every exception of every shipped environment", () => {
  const page = generatedPages().find(({ file }) => file.endsWith("policies.md"))?.text ?? "";
  for (const name of environmentNames()) {
    for (const { rule, reason } of readEnvironmentFile(name).settings.policies.exceptions) {
      const row = page.split("\n").find((line) => line.startsWith(`| ${rule} |`) && line.includes(` | ${reason} | `));
      expect([name, rule, row?.includes(name)]).toEqual([name, rule, true]);
    }
  }
});
