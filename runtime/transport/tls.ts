import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { refuse } from "../problems/index.ts";
import type { TransportSettings, TrustSettings } from "../settings/services.ts";

/** What Node needs to trust servers of the environment's own authority and no other. */
export interface ClientTls {
  readonly ca: string;
  readonly minVersion: "TLSv1.3";
  readonly ciphers: string;
}

/** What Node needs to serve. */
export interface ServerTls {
  readonly cert: string;
  readonly key: string;
  readonly minVersion: "TLSv1.3";
  readonly ciphers: string;
}

/** Reads what a client trusts. @throws ProblemError `transport/unreadable`, `transport/unusable` */
export function clientTls({ authority_file, cipher_suites }: TrustSettings): ClientTls {
  const options = { ca: read(authority_file), ...lowest(cipher_suites) };
  requireUsable(authority_file, () => {
    // Node takes an authority that is none, and then trusts nobody.
    new X509Certificate(options.ca);
    createSecureContext(options);
  });
  return options;
}

/** Reads what a server shows. @throws ProblemError as {@link clientTls}, never with the key. */
export function serverTls({
  certificate_file,
  key_file,
  cipher_suites,
}: Omit<TransportSettings, "authority_file">): ServerTls {
  const options = { cert: read(certificate_file), key: read(key_file), ...lowest(cipher_suites) };
  requireUsable(certificate_file, () => createSecureContext(options));
  return options;
}

function lowest(suites: TrustSettings["cipher_suites"]): { readonly minVersion: "TLSv1.3"; readonly ciphers: string } {
  return { minVersion: "TLSv1.3", ciphers: suites.join(":") };
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    return refuse(
      { code: "transport/unreadable", path, got, expected: "a readable PEM file", remedy: "mount the certificates" },
      { cause },
    );
  }
}

/** A server would start with files that do not fit together, and fail at every handshake. */
function requireUsable(path: string, use: () => void): void {
  try {
    use();
  } catch (cause) {
    // OpenSSL names its routine and reason and quotes nothing.
    const got = cause instanceof Error ? cause.message : String(cause);
    refuse(
      {
        code: "transport/unusable",
        path,
        got,
        expected: "PEM certificates, and a key that is theirs",
        remedy: "remove the file and its pair, and run `breakwater up`, which makes them anew",
      },
      { cause },
    );
  }
}
