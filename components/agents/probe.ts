/** An HTTP probe with the 5 s that a busy two-core node needs to answer. */
export function probe(path: string, port: string, pace: { periodSeconds: number; failureThreshold: number }) {
  return { httpGet: { path, port }, timeoutSeconds: 5, ...pace };
}
