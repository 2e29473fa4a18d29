/** Certificate of the environment's own authority, below its secrets. Who trusts it takes a server inside for what it is. */
export const AUTHORITY = "platform/authority.crt";

/** A server's certificate and key below the environment's secrets. @param owner such as `platform/router`. */
export function certificateOf(owner: string): { readonly certificate: string; readonly key: string } {
  return { certificate: `${owner}-tls.crt`, key: `${owner}-tls.key` };
}

/** The same as files of a Secret, under the names of Kubernetes' own TLS secrets. */
export function certificateFiles(owner: string): Readonly<Record<"tls.crt" | "tls.key", string>> {
  const { certificate, key } = certificateOf(owner);
  return { "tls.crt": certificate, "tls.key": key };
}

/** The authority's certificate as a file of a Secret. */
export const authorityFile = { "authority.crt": AUTHORITY } as const;
