/** What a cell is told when the router itself answers. Codes are stable. */
export const ERRORS = {
  "identity/missing-key": { status: 401, says: "send `Authorization: Bearer <router key of the tenant>`" },
  "identity/unknown-key": { status: 401, says: "this key belongs to no tenant" },
  "tenancy/unknown": { status: 403, says: "the tenant of this key has no model configured" },
  "model/unknown": { status: 404, says: 'a model is "tenant-default" or "agent-<id of an agent>"' },
  "request/invalid-json": { status: 400, says: "send one JSON object" },
  "request/invalid-utf-8": { status: 400, says: "send UTF-8" },
  "request/invalid-body": { status: 400, says: "send a chat completion request" },
  "request/unsupported-content": { status: 400, says: "messages are text: other parts have no bounded price" },
  "request/too-large": { status: 413, says: "the body is larger than `max_body_bytes`" },
  "request/wrong-content-type": { status: 415, says: "send application/json" },
  "request/malformed": { status: 400, says: "this is no well-formed request" },
  "route/unknown": { status: 404, says: "this path is not served" },
  "screening/blocked": { status: 403, says: "the request holds what may not leave" },
  "screening/blocked-reply": { status: 403, says: "the model's answer holds what may not be passed on" },
  "screening/no-internal-model": {
    status: 403,
    says: "the request must stay inside and the tenant has no internal model",
  },
  "screening/failed": { status: 503, says: "screening failed, so nothing was sent" },
  "residency/forbidden": { status: 403, says: "no configured provider may have this tenant's data" },
  "price/unknown": { status: 403, says: "this model has no price, so no budget can bound it" },
  "budget/exceeded": { status: 402, says: "the budget of this month does not cover this request" },
  "budget/unattributed": { status: 403, says: "keys of this tenant have budgets, and this request proves no key" },
  "budget/unavailable": { status: 503, says: "budgets cannot be checked now" },
  "audit/unavailable": { status: 503, says: "the audit log cannot be written, so nothing is served" },
  "provider/unreachable": { status: 502, says: "the model provider does not take connections" },
  "provider/timeout": { status: 504, says: "the model provider did not answer in time" },
  "provider/failed": { status: 502, says: "the model provider failed" },
  "provider/broken-reply": { status: 502, says: "the model provider's answer broke off" },
  "provider/invalid-reply": { status: 502, says: "the model provider's answer is no chat completion" },
  "provider/oversize-reply": { status: 502, says: "the model provider's answer is too long" },
  "provider/refused-key": { status: 502, says: "the model provider does not accept our key" },
  "provider/rate-limited": { status: 429, says: "the model provider takes no more requests now" },
  "provider/rejected-request": { status: 400, says: "the model provider does not accept this request" },
  "provider/unavailable": { status: 503, says: "every possible model provider has failed too often just now" },
  "client/aborted": { status: 499, says: "the cell closed the connection" },
  "service/overloaded": { status: 503, says: "too many bytes are under way" },
  "service/internal": { status: 500, says: "unexpected error, see the router's log" },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** What else an answer says than its code. */
export interface RefusalDetails extends ErrorOptions {
  /** HTTP status when it is not the table's: a provider's own. */
  readonly status?: number;
  /** Seconds until it makes sense to ask again. */
  readonly retryAfterSeconds?: number;
  /** ISO time at which a used-up budget begins anew. */
  readonly resetsAt?: string;
  /** What a provider said about the request, screened: OpenClaw acts on it. */
  readonly said?: ProviderComplaint;
}

/** The parts of a provider's error that a cell may see. */
export interface ProviderComplaint {
  readonly message: string;
  readonly type: string | null;
  readonly code: string | null;
  readonly param: string | null;
}

/** A request that the router does not serve. The message never holds a key nor, but for `said`, content. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: ErrorCode;
  readonly status: number;
  readonly details: RefusalDetails;

  constructor(code: ErrorCode, detail?: string, details: RefusalDetails = {}) {
    super(`[${code}] ${detail ?? ERRORS[code].says}`, details);
    this.code = code;
    this.status = details.status ?? ERRORS[code].status;
    this.details = details;
  }
}

/** OpenAI's error shape, which OpenClaw shows to its operator. */
export function errorBody({ message, code, status, details }: Refusal): { error: Record<string, string | null> } {
  const { said, resetsAt } = details;
  if (said !== undefined) return { error: { ...said } };
  const type =
    code === "budget/exceeded" ? "insufficient_quota" : status >= 500 ? "server_error" : "invalid_request_error";
  return { error: { message, type, code, param: null, ...(resetsAt === undefined ? {} : { resets_at: resetsAt }) } };
}

/** Headers of an answer that refuses. */
export function errorHeaders({ details, code }: Refusal): Record<string, string> {
  return {
    ...(details.retryAfterSeconds === undefined ? {} : { "retry-after": String(details.retryAfterSeconds) }),
    // The rest of a body that nobody reads would be taken for the next request.
    ...(code === "request/too-large" || code === "service/overloaded" ? { connection: "close" } : {}),
  };
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
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const known = typeof code === "string" && Object.hasOwn(FRAMEWORK, code) ? FRAMEWORK[code] : undefined;
  if (known !== undefined) return new Refusal(known, undefined, { cause: error });
  const isInput = typeof statusCode === "number" && statusCode >= 400 && statusCode < 500;
  return new Refusal(isInput ? "request/malformed" : "service/internal", undefined, { cause: error });
}
