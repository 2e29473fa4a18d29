import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { jsonText, MANIFEST_FILE, Manifest, PUBLIC_KEY_FILE, SIGNATURE_FILE, Signature, sha256Of } from "./manifest.ts";
import { fingerprint } from "./signing-key.ts";

/** One file of a bundle that is not as it was signed. */
export interface EvidenceProblem {
  readonly file: string;
  readonly problem: "changed" | "missing" | "extra" | "no plain file" | "not the key of this environment";
}

/** What verifying a bundle found. */
export interface EvidenceReport {
  readonly intact: boolean;
  readonly problems: readonly EvidenceProblem[];
  /** Undefined where the manifest cannot be read. */
  readonly environment: string | undefined;
  readonly created: string | undefined;
  /** Of the key that the bundle was verified with; undefined where there is none. */
  readonly key: string | undefined;
  /** Whether that key was known beforehand; where it is the bundle's own, whoever changed the bundle may have made it. */
  readonly keyKnown: boolean;
}

/**
 * Compares a bundle with its manifest, and the manifest with its signature.
 *
 * @param trusted the key of an environment as the reader knows it, not as the bundle says.
 */
export function verifyBundle(folder: string, trusted: (environment: string) => KeyObject | undefined): EvidenceReport {
  const { files, problems: odd } = readBundle(folder);
  const manifest = parsed(files.get(MANIFEST_FILE), Manifest);
  const key = keyIn(files.get(PUBLIC_KEY_FILE));
  const known = manifest === undefined ? undefined : trusted(manifest.environment);
  const used = known ?? key;
  const other = known !== undefined && key !== undefined && !key.equals(known);
  const sealed = seals(files, manifest, used);
  // Of a manifest that was changed nothing follows for the files that it lists.
  const sound = manifest !== undefined && sealed.every(({ file }) => file !== MANIFEST_FILE);
  const problems = [
    ...odd,
    ...sealed,
    ...(sound ? contents(files, manifest) : []),
    ...(other ? [{ file: PUBLIC_KEY_FILE, problem: "not the key of this environment" } as const] : []),
  ];
  const unique = [...new Map(problems.map((problem) => [`${problem.file} ${problem.problem}`, problem])).values()];
  return {
    intact: unique.length === 0,
    problems: unique.sort((a, b) => (a.file < b.file ? -1 : 1)),
    environment: manifest?.environment,
    created: manifest?.created,
    key: used === undefined ? undefined : fingerprint(used),
    keyKnown: known !== undefined,
  };
}

interface Read {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly problems: readonly EvidenceProblem[];
}

/** Every plain file of the folder; links and folders are none, whatever they lead to. */
function readBundle(folder: string): Read {
  const entries = readdirSync(folder, { withFileTypes: true });
  const plain = entries.filter((entry) => entry.isFile());
  return {
    files: new Map(plain.map(({ name }) => [name, readFileSync(join(folder, name))])),
    problems: entries
      .filter((entry) => !entry.isFile())
      .map(({ name }) => ({ file: name, problem: "no plain file" }) as const),
  };
}

/** Manifest, signature and key. */
function seals(
  files: ReadonlyMap<string, Buffer>,
  manifest: Manifest | undefined,
  key: KeyObject | undefined,
): readonly EvidenceProblem[] {
  const absent = [MANIFEST_FILE, SIGNATURE_FILE, PUBLIC_KEY_FILE].filter((name) => !files.has(name));
  if (absent.length > 0) return absent.map((file) => ({ file, problem: "missing" }));
  const text = files.get(MANIFEST_FILE) ?? Buffer.alloc(0);
  const signature = parsed(files.get(SIGNATURE_FILE), Signature);
  const changed = (file: string): readonly EvidenceProblem[] => [{ file, problem: "changed" }];
  if (signature === undefined || !asWritten(files.get(SIGNATURE_FILE), signature)) return changed(SIGNATURE_FILE);
  if (key === undefined) return changed(PUBLIC_KEY_FILE);
  const signed = verify(null, text, key, Buffer.from(signature.signature, "base64"));
  const sameHash = signature.manifestSha256 === sha256Of(text);
  if (signed && sameHash) return manifest === undefined ? changed(MANIFEST_FILE) : [];
  // A key that was changed verifies nothing, and its own hash in the manifest says so.
  if (!signed && sameHash && keyChanged(files, manifest)) return changed(PUBLIC_KEY_FILE);
  return changed(signed || sameHash ? SIGNATURE_FILE : MANIFEST_FILE);
}

/** Nothing seals the signature's own file: spaces in JSON and letters in base64 can change and mean the same. */
function asWritten(bytes: Buffer | undefined, signature: z.output<typeof Signature>): boolean {
  const { signature: base64 } = signature;
  return bytes?.toString("utf8") === jsonText(signature) && Buffer.from(base64, "base64").toString("base64") === base64;
}

function keyChanged(files: ReadonlyMap<string, Buffer>, manifest: Manifest | undefined): boolean {
  const listed = manifest?.files.find(({ name }) => name === PUBLIC_KEY_FILE);
  return listed !== undefined && listed.sha256 !== sha256Of(files.get(PUBLIC_KEY_FILE) ?? "");
}

/** Files that the manifest lists, and those that it does not. */
function contents(files: ReadonlyMap<string, Buffer>, manifest: Manifest): readonly EvidenceProblem[] {
  const listed = new Map(manifest.files.map((file) => [file.name, file]));
  const known = new Set([...listed.keys(), MANIFEST_FILE, SIGNATURE_FILE]);
  const wrong = [...listed.values()].flatMap(({ name, sha256 }): readonly EvidenceProblem[] => {
    const content = files.get(name);
    if (content === undefined) return [{ file: name, problem: "missing" }];
    return sha256Of(content) === sha256 ? [] : [{ file: name, problem: "changed" }];
  });
  const extra = [...files.keys()].filter((name) => !known.has(name));
  return [...wrong, ...extra.map((file) => ({ file, problem: "extra" }) as const)];
}

interface Schema<T> {
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false };
}

/** A JSON file of the shape; undefined for any other, which is then named as changed. */
function parsed<T>(bytes: Buffer | undefined, schema: Schema<T>): T | undefined {
  if (bytes === undefined) return undefined;
  try {
    const result = schema.safeParse(JSON.parse(bytes.toString("utf8")));
    return result.success ? result.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** An Ed25519 public key; undefined for anything else. */
function keyIn(pem: Buffer | undefined): KeyObject | undefined {
  if (pem === undefined) return undefined;
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === "ed25519" ? key : undefined;
  } catch {
    // Whatever is wrong with it, it is not the key that was written; the caller names the file.
    return undefined;
  }
}
