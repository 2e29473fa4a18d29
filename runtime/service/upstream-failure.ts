/** How a call to another service failed, in the three ways that a caller can act on. */
export type UpstreamFailure = "unreachable" | "timeout" | "broken";

const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const TIMEOUT = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"]);

/** Classifies what undici or the socket threw. Unreachable: nothing was sent, so another try is safe. */
export function upstreamFailure(error: unknown): UpstreamFailure {
  const code = codeOf(error);
  if (UNREACHABLE.has(code)) return "unreachable";
  return TIMEOUT.has(code) ? "timeout" : "broken";
}

function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}
