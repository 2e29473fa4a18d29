import { createPrivateKey, sign } from "node:crypto";
import { publicHalf } from "../../tools/secrets/signing-keys.ts";
import { jsonText, MANIFEST_FILE, type Manifest, PUBLIC_KEY_FILE, SIGNATURE_FILE, sha256Of } from "./manifest.ts";

/** File name -> content. */
export type BundleFiles = Readonly<Record<string, string>>;

/** What a bundle is made of. */
export interface BundleArgs {
  readonly environment: string;
  readonly created: Date;
  readonly files: BundleFiles;
  /** Ed25519, PEM (PKCS #8). */
  readonly privateKey: string;
}

/** Every file of a signed bundle. Pure: the same arguments give the same bytes, the signature included. */
export function bundleOf({ environment, created, files, privateKey }: BundleArgs): BundleFiles {
  const signed: BundleFiles = { ...files, [PUBLIC_KEY_FILE]: publicHalf(privateKey) };
  const names = Object.keys(signed).sort();
  const manifest: Manifest = {
    format: "breakwater-evidence/1",
    environment,
    created: created.toISOString(),
    files: names.map((name) => listed(name, signed[name] ?? "")),
  };
  const text = jsonText(manifest);
  const signature = {
    algorithm: "Ed25519",
    manifestSha256: sha256Of(text),
    signature: sign(null, Buffer.from(text), createPrivateKey(privateKey)).toString("base64"),
  };
  return { ...signed, [MANIFEST_FILE]: text, [SIGNATURE_FILE]: jsonText(signature) };
}

function listed(name: string, content: string): Manifest["files"][number] {
  return { name, bytes: Buffer.byteLength(content), sha256: sha256Of(content) };
}
