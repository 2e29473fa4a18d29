/** An HTTP probe with the 5 s that a busy two-core node needs to answer; the kubelet takes any certificate. */
export function probe(
  path: string,
  port: string,
  pace: { periodSeconds: number; failureThreshold: number },
  scheme: "HTTP" | "HTTPS" = "HTTP",
) {
  return { httpGet: { path, port, ...(scheme === "HTTP" ? {} : { scheme }) }, timeoutSeconds: 5, ...pace };
}
