import { createHash } from "node:crypto";
import { z } from "zod";

/** The list of a bundle's files, and the file that holds the signature over it. */
export const MANIFEST_FILE = "manifest.json";
export const SIGNATURE_FILE = "manifest.sig.json";
export const PUBLIC_KEY_FILE = "public-key.pem";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const listed = z.strictObject({
  /** A plain name: no file of a bundle lies elsewhere. */
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,99}$/),
  bytes: z.number().int().nonnegative(),
  sha256,
});

/** What a bundle is of, when it was made by the clock of the machine that made it, and every file in it. */
export const Manifest = z.strictObject({
  format: z.literal("breakwater-evidence/1"),
  environment: z.string(),
  created: z.iso.datetime(),
  files: z.array(listed).refine((files) => new Set(files.map(({ name }) => name)).size === files.length),
});
export type Manifest = Readonly<z.output<typeof Manifest>>;

/** An Ed25519 signature over the bytes of the manifest, with their hash, so that it shows which of the two was changed. */
export const Signature = z.strictObject({
  algorithm: z.literal("Ed25519"),
  manifestSha256: sha256,
  /** Base64. */
  signature: z.string(),
});

/** Lower-case hex. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** As every JSON file of a bundle is written. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
