import { createPublicKey, type KeyObject } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bundleOf } from "../../../../cli/evidence/bundle.ts";
import { bundleFolder, readVerifyReport, writeBundle } from "../../../../cli/evidence/folder.ts";
import { renderVerification } from "../../../../cli/evidence/render.ts";
import { verifyBundle } from "../../../../cli/evidence/verify.ts";
import { createSigningKey } from "../../../../tools/secrets/signing-keys.ts";

const privateKey = createSigningKey();
const own = createPublicKey(privateKey);
const ARGS = {
  environment: "acme",
  created: new Date("2026-11-24T00:00:00Z"),
  files: { "plan.json": '{"resources":[]}\n', "policy-results.json": '{"rules":[]}\n', "settings.json": "{}\n" },
  privateKey,
};
const NAMES = Object.keys(bundleOf(ARGS));

let root = "";
let folder = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "breakwater-evidence-"));
  folder = join(root, "bundle");
  writeBundle(folder, bundleOf(ARGS));
});
afterEach(() => rmSync(root, { recursive: true }));

const nobody = (): undefined => undefined;
const verified = (trusted: () => KeyObject | undefined = () => own) => verifyBundle(folder, trusted);
const named = (trusted?: () => KeyObject | undefined) => verified(trusted).problems.map(({ file }) => file);

describe("making", () => {
  test("the same content, time and key give the same bytes, the signature included", () => {
    expect(bundleOf(ARGS)).toEqual(
      bundleOf({ ...ARGS, files: Object.fromEntries(Object.entries(ARGS.files).reverse()) }),
    );
  });

  test("another time changes manifest and signature alone", () => {
    const other = bundleOf({ ...ARGS, created: new Date("2026-11-25T00:00:00Z") });
    const changed = Object.entries(bundleOf(ARGS)).filter(([name, content]) => other[name] !== content);
    expect(changed.map(([name]) => name)).toEqual(["manifest.json", "manifest.sig.json"]);
  });

  test("the private key is in no file", () => {
    for (const content of Object.values(bundleOf(ARGS))) expect(content).not.toContain("PRIVATE");
  });

  test("a folder that is in use is refused and stays as it is", () => {
    expect(() => writeBundle(folder, { "plan.json": "other" })).toThrow("evidence/folder-in-use");
    expect(verified().intact).toBe(true);
    expect(readdirSync(root)).toEqual(["bundle"]);
  });
});

describe("verifying", () => {
  test("a bundle as it was made is intact, with a known key and with its own", () => {
    expect(verified()).toMatchObject({ intact: true, problems: [], environment: "acme", keyKnown: true });
    expect(verified(nobody)).toMatchObject({ intact: true, keyKnown: false });
    expect(renderVerification(verified(nobody))).toContain("the bundle's own key");
  });

  describe.each(NAMES)("one byte of %s changed", (name) => {
    test.each([
      ["a known key", () => own],
      ["its own key", nobody],
    ] as const)("names that file and no other, with %s", (_, trusted) => {
      const original = readFileSync(join(folder, name));
      fc.assert(
        fc.property(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
          const changed = Buffer.from(original);
          changed[at] = (changed[at] ?? 0) ^ flip;
          writeFileSync(join(folder, name), changed);
          expect([...new Set(named(trusted))]).toEqual([name]);
        }),
        { numRuns: 150 },
      );
    });
  });

  test.each(NAMES)("%s taken away is named as missing", (name) => {
    rmSync(join(folder, name));
    expect(verified(nobody).problems).toEqual([{ file: name, problem: "missing" }]);
  });

  test("a file that nobody signed is named as extra", () => {
    writeFileSync(join(folder, "note.txt"), "trust me");
    expect(verified().problems).toEqual([{ file: "note.txt", problem: "extra" }]);
  });

  test("a link in place of a file, and a folder, are named whatever they lead to", () => {
    const elsewhere = join(root, "plan.json");
    writeFileSync(elsewhere, readFileSync(join(folder, "plan.json")));
    rmSync(join(folder, "plan.json"));
    symlinkSync(elsewhere, join(folder, "plan.json"));
    mkdirSync(join(folder, "more"));
    expect(verified().problems).toContainEqual({ file: "plan.json", problem: "no plain file" });
    expect(verified().problems).toContainEqual({ file: "more", problem: "no plain file" });
  });

  test("a bundle made anew with another key does not pass where the environment's key is known", () => {
    rmSync(folder, { recursive: true });
    writeBundle(folder, bundleOf({ ...ARGS, privateKey: createSigningKey() }));
    expect(verified(nobody).intact).toBe(true);
    expect(verified().problems).toContainEqual({ file: "public-key.pem", problem: "not the key of this environment" });
  });

  test("a manifest that lists the changed file's hash is named itself", () => {
    const forged = bundleOf({ ...ARGS, files: { ...ARGS.files, "plan.json": "{}\n" }, privateKey: createSigningKey() });
    for (const name of ["plan.json", "manifest.json"]) writeFileSync(join(folder, name), forged[name] ?? "");
    expect(named()).toEqual(["manifest.json"]);
  });
});

describe("bad input", () => {
  test("a manifest stands for its folder, and nothing else does", () => {
    expect(bundleFolder(join(folder, "manifest.json"))).toBe(folder);
    expect(() => bundleFolder(join(folder, "plan.json"))).toThrow("evidence/no-bundle");
    expect(() => bundleFolder(join(root, "nowhere"))).toThrow("evidence/no-bundle");
  });

  test.each([
    ["not JSON", "PASS"],
    ["another JSON", '{"passed":true}'],
    ["no check", '{"passed":true,"checks":[]}'],
  ])("a verify report that is %s is refused", (_, text) => {
    const file = join(root, "report.json");
    writeFileSync(file, text);
    expect(() => readVerifyReport(file)).toThrow("evidence/bad-verify-report");
    expect(() => readVerifyReport(join(root, "nowhere"))).toThrow("evidence/bad-verify-report");
  });
});
