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
/**
 * Another server than the one that is meant, or none that speaks TLS: the handshake ends before anything is sent. Names of
 * OpenSSL's verification errors as Node gives them (nodejs.org/api/tls.html, X509 certificate error codes, 2026-11).
 */
const NOT_TRUSTED = new Set([
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REVOKED",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
const TIMEOUT = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"]);

/** Classifies what undici or the socket threw. Unreachable: nothing was sent, so another try is safe. */
export function upstreamFailure(error: unknown): UpstreamFailure {
  const code = codeOf(error);
  if (UNREACHABLE.has(code) || NOT_TRUSTED.has(code)) return "unreachable";
  return TIMEOUT.has(code) ? "timeout" : "broken";
}

function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}
