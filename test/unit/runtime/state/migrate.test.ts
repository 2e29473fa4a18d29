import { describe, expect, test } from "vitest";
import { nextMigration } from "../../../../runtime/state/migrate.ts";
import { checksum } from "../../../../runtime/state/migration.ts";
import { MIGRATIONS } from "../../../../runtime/state/migrations/index.ts";
import { isUnreachable, whenReachable } from "../../../../runtime/state/reachable.ts";

const applied = MIGRATIONS.map((migration) => ({ ...migration, checksum: checksum(migration) }));

describe("the steps of the schema", () => {
  test("are numbered from one without a gap", () => {
    expect(MIGRATIONS.map(({ id }) => id)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  test("run in order, each once", () => {
    expect(nextMigration([], MIGRATIONS)).toBe(MIGRATIONS[0]);
    expect(nextMigration(applied.slice(0, 1), MIGRATIONS)).toBe(MIGRATIONS[1]);
    expect(nextMigration(applied, MIGRATIONS)).toBeUndefined();
  });

  test("all that were changed are named together", () => {
    const changed = applied.map((row) => ({ ...row, checksum: "other" }));
    expect(() => nextMigration(changed, MIGRATIONS)).toThrow(/schema_migrations\[1\].*\n.*schema_migrations\[2\]/);
  });
});

describe("waiting for the server", () => {
  const answer = (code: string) => Object.assign(new Error("no"), { severity: "ERROR", code });

  test("goes on for a server that starts, a database and a user that are not made yet", () => {
    for (const code of ["57P03", "3D000", "28P01", "53300", "08006"]) expect(isUnreachable(answer(code))).toBe(true);
    expect(isUnreachable(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }))).toBe(true);
  });

  test("ends at once for any other answer", async () => {
    let calls = 0;
    const work = whenReachable(60_000, async () => {
      calls += 1;
      throw answer("42601");
    });
    await expect(work).rejects.toMatchObject({ code: "42601" });
    expect(calls).toBe(1);
  });
});
