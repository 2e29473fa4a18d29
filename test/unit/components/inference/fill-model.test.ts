import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { projectRoot } from "../../../../tools/paths.ts";

const SCRIPT = join(projectRoot, "components", "inference", "fill-model.py");

function pythonIsThere(): boolean {
  try {
    // hashlib.file_digest is of 3.11.
    execFileSync("python3", ["-c", "import hashlib; hashlib.file_digest"]);
    return true;
  } catch {
    return false;
  }
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe.skipIf(!pythonIsThere())("filling a model's folder from a mirror (needs python3 of 3.11 or later)", () => {
  let files: Record<string, string> = {};
  let asked: string[] = [];
  let mirror: Server;
  let folder = "";

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "breakwater-model-"));
    asked = [];
    mirror = createServer((request, response) => {
      const name = (request.url ?? "").replace("/nano/", "");
      asked.push(name);
      const content = files[name];
      response.writeHead(content === undefined ? 404 : 200).end(content);
    });
    await new Promise<void>((resolve) => mirror.listen(0, "127.0.0.1", resolve));
  });

  afterEach(async () => {
    await new Promise((resolve) => mirror.close(resolve));
    rmSync(folder, { recursive: true });
  });

  /** Exit code and what it said. */
  async function fill(): Promise<readonly [number, string]> {
    const { port } = mirror.address() as AddressInfo;
    return new Promise((resolve) => {
      execFile("python3", [SCRIPT, `http://127.0.0.1:${port}/nano`, folder], (error, stdout, stderr) =>
        resolve([error === null ? 0 : Number(error.code), stdout + stderr]),
      );
    });
  }

  test("every file that SHA256SUMS names is there, also in folders, and a second time none is fetched", async () => {
    files = { "config.json": "{}", "a/weights": "weights" };
    files["SHA256SUMS"] = `${sha256("{}")}  config.json\n${sha256("weights")} *a/weights\n`;
    expect(await fill()).toEqual([0, "fetched a/weights\nfetched config.json\n"]);
    expect(readFileSync(join(folder, "a", "weights"), "utf8")).toBe("weights");
    asked = [];
    expect(await fill()).toEqual([0, "there a/weights\nthere config.json\n"]);
    expect(asked).toEqual(["SHA256SUMS"]);
  });

  test("a file with another digest is not kept, and the folder is not complete", async () => {
    files = { "config.json": "{} ", SHA256SUMS: `${sha256("{}")}  config.json\n` };
    const [code, said] = await fill();
    expect([code, said]).toEqual([1, "config.json: its SHA-256 is not the one that SHA256SUMS names\n"]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(["../outside", "/etc/passwd", "a/../../b"])(
    "a listing that leads out of the folder (%s) is refused",
    async (name) => {
      files = { SHA256SUMS: `${sha256("")}  ${name}\n` };
      expect((await fill())[1]).toBe(`SHA256SUMS: outside the folder: '${name}'\n`);
      expect(asked).toEqual(["SHA256SUMS"]);
    },
  );

  test("a mirror without the listing ends in an error, not in an empty model", async () => {
    files = {};
    expect((await fill())[0]).toBe(1);
    files = { SHA256SUMS: "" };
    expect(await fill()).toEqual([1, "SHA256SUMS: names no file\n"]);
  });
});
