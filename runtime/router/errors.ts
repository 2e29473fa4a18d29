/** Every error that the router itself answers with. Codes are stable. */
export const ERRORS = {
  "identity/missing-key": { status: 401, says: "send `Authorization: Bearer <router key of the tenant>`" },
  "identity/unknown-key": { status: 401, says: "this key belongs to no tenant" },
  "tenancy/unknown": { status: 403, says: "the tenant of this key has no model configured" },
  "model/unknown": { status: 404, says: 'the only model is "tenant-default"' },
  "request/invalid-json": { status: 400, says: "send one JSON object" },
  "request/invalid-body": { status: 400, says: "send a chat completion request" },
  "request/too-large": { status: 413, says: "the body is larger than `max_body_bytes`" },
  "request/wrong-content-type": { status: 415, says: "send application/json" },
  "request/malformed": { status: 400, says: "this is no well-formed request" },
  "route/unknown": { status: 404, says: "this path is not served" },
  "provider/unreachable": { status: 502, says: "the model provider does not take connections" },
  "provider/timeout": { status: 504, says: "the model provider did not answer in time" },
  "provider/failed": { status: 502, says: "the model provider failed" },
  "provider/refused-key": { status: 502, says: "the model provider does not accept our key" },
  "client/aborted": { status: 499, says: "the cell closed the connection" },
  "service/internal": { status: 500, says: "unexpected error, see the router's log" },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** A request that the router does not serve. The message never holds content or a key. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: ErrorCode;
  readonly status: number;

  constructor(code: ErrorCode, detail?: string, options?: ErrorOptions) {
    super(`[${code}] ${detail ?? ERRORS[code].says}`, options);
    this.code = code;
    this.status = ERRORS[code].status;
  }
}

/** OpenAI's error shape, which OpenClaw shows to its operator. */
export function errorBody({ message, code, status }: Refusal): { error: Record<string, string | null> } {
  const type = status >= 500 ? "server_error" : "invalid_request_error";
  return { error: { message, type, code, param: null } };
}

const FRAMEWORK: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "request/too-large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "request/wrong-content-type",
  FST_ERR_CTP_EMPTY_JSON_BODY: "request/invalid-json",
  FST_ERR_CTP_INVALID_JSON_BODY: "request/invalid-json",
};

/** Whatever was thrown, as the refusal to answer with. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  const known = code === undefined ? undefined : FRAMEWORK[code];
  if (known !== undefined) return new Refusal(known, undefined, { cause: error });
  const isInput = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return new Refusal(isInput ? "request/malformed" : "service/internal", undefined, { cause: error });
}
