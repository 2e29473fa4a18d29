import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runPulumi } from "../../tools/engine/process.ts";
import { pulumi } from "../support/pulumi-available.ts";
import { type PreviewArgs, previewByEngine } from "./engine-preview.ts";

if (pulumi.path === undefined) console.log(pulumi.why);

describe.skipIf(pulumi.path === undefined)("an administrator's password, with the real engine", () => {
  const run: PreviewArgs = {
    pulumi: pulumi.path ?? "",
    program: "test/fixtures/engine/password",
    stack: "test",
    configuration: "",
    secrets: [],
  };

  test("a preview has none", async () => {
    const { resources, complaints } = await previewByEngine(run);
    expect(resources.filter(({ urn }) => urn.includes("AdminPassword")).map(({ op, inputs }) => [op, inputs])).toEqual([
      ["create", {}],
    ]);
    expect(complaints).toEqual([]);
  });

  test("an update makes one, which the state holds encrypted and a second update leaves as it is", async () => {
    const seen: string[] = [];
    const afterwards: PreviewArgs["afterwards"] = async (folder, environment) => {
      const pulumiOf = async (...args: readonly string[]): Promise<string> => {
        const lines: string[] = [];
        const call = { pulumi: run.pulumi, cwd: folder, environment, onLine: (line: string) => lines.push(line) };
        const { code, stderrTail } = await runPulumi({ ...call, args: [...args, "--stack", run.stack] });
        if (code !== 0) throw new Error(stderrTail);
        return lines.join("\n");
      };
      const password = () => pulumiOf("stack", "output", "password", "--show-secrets");
      seen.push(await password());
      await pulumiOf("up", "--yes", "--skip-preview");
      await pulumiOf("refresh", "--yes", "--skip-preview");
      seen.push(await password());
      const state = await textsBelow(join(folder, "state"));
      expect(state).toContain('"ciphertext"');
      expect(state).not.toContain(seen[0]);
    };
    await previewByEngine({ ...run, args: ["up", "--yes", "--skip-preview"], afterwards });
    expect(seen[0]).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(seen[1]).toBe(seen[0]);
  });
});

/** Everything that the engine wrote, histories and backups included. */
async function textsBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "utf8")))).join("\n");
}
