import type { FastifyError } from "fastify";
import { type Problem, ProblemError } from "../problems/index.ts";

interface ErrorRow {
  readonly status: number;
  /** OpenAI's word for the family of errors; its SDKs choose the exception class by status, people read this. */
  readonly type: string;
  readonly path: string;
  readonly expected: string;
  readonly remedy: string;
}

const row = (status: number, type: string, path: string, expected: string, remedy: string): ErrorRow => ({
  status,
  type,
  path,
  expected,
  remedy,
});

const IDENTITY = "authentication_error";
const PERMISSION = "permission_error";
const INVALID = "invalid_request_error";
const SERVER = "server_error";
const RATE = "rate_limit_error";
const QUOTA = "insufficient_quota";
const NEW_KEY = "ask your administrator for a key";

/** Every error that the front door answers with, in one place. Codes are stable: scripts match on them. */
export const ERRORS = {
  "identity/missing-key": row(401, IDENTITY, "authorization", "`Bearer <API key>`", "send your API key"),
  "identity/malformed-key": row(401, IDENTITY, "authorization", "`Bearer bw_<id>_<secret>`", "send the whole API key"),
  "identity/unknown-key": row(401, IDENTITY, "authorization", "a key that is in use", NEW_KEY),
  "identity/expired-key": row(401, IDENTITY, "authorization", "a key that has not expired", NEW_KEY),
  "identity/revoked-key": row(401, IDENTITY, "authorization", "a key that was not revoked", NEW_KEY),
  "identity/unavailable": row(503, SERVER, "authorization", "a current list of keys", "try again shortly"),
  "tenancy/missing": row(400, INVALID, "x-tenant-id", "the tenant that this key should act for", "name a tenant"),
  "tenancy/mismatch": row(403, PERMISSION, "tenant", "the tenant that the key is bound to", "use that tenant's key"),
  "tenancy/unknown": row(404, INVALID, "x-tenant-id", "a tenant of this deployment", "correct the tenant"),
  "permission/denied": row(403, PERMISSION, "role", "a role with this permission", "ask for a key with such a role"),
  "request/invalid-json": row(400, INVALID, "body", "one JSON object", "send valid JSON"),
  "request/invalid-body": row(400, INVALID, "body", "a chat completion request", "correct the body"),
  "request/unsupported": row(400, INVALID, "body", "what an agent can do", "leave it out"),
  "request/invalid-query": row(400, INVALID, "query", "valid parameters", "correct the query string"),
  "request/invalid-conversation": row(
    400,
    INVALID,
    "x-conversation-id or user",
    "1 to 128 visible ASCII characters",
    "choose another conversation id",
  ),
  "request/malformed": row(400, INVALID, "request", "a well-formed HTTP request", "correct the request"),
  "request/timeout": row(408, INVALID, "request", "a whole request in time", "send it faster"),
  "request/headers-too-large": row(
    431,
    INVALID,
    "headers",
    "headers within the limit",
    "send fewer or shorter headers",
  ),
  "request/upgrade": row(426, INVALID, "upgrade", "plain HTTP/1.1", "send the request without `upgrade`"),
  "request/expectation": row(417, INVALID, "expect", "`100-continue` or nothing", "leave the header out"),
  "request/too-large": row(413, INVALID, "body", "a body within the limit", "send less"),
  "request/wrong-content-type": row(415, INVALID, "content-type", "application/json", "send JSON"),
  "route/unknown": row(404, INVALID, "url", "a path of this API", "correct the path"),
  "route/method": row(405, INVALID, "method", "a method of this path", "use the method in `allow`"),
  "model/unknown": row(
    404,
    INVALID,
    "model",
    '"openclaw", "openclaw/default", "openclaw/<agent id>" or the tenant\'s id',
    "choose one of `GET /v1/models`",
  ),
  "limits/rate": row(429, RATE, "requests_per_minute", "fewer requests a minute", "wait as `retry-after` says"),
  "limits/concurrency": row(429, RATE, "concurrent_requests", "fewer requests at a time", "wait for running ones"),
  "screening/blocked": row(403, PERMISSION, "content", "content that may pass", "take out what the rule finds"),
  "screening/failed": row(503, SERVER, "screening", "content that can be screened", "try again"),
  "budget/exceeded": row(402, QUOTA, "budget", "a budget with room this month", "wait for its reset or ask for more"),
  "key/not-found": row(404, INVALID, "key", "a key that you may manage", "correct the key id"),
  "key/escalation": row(403, PERMISSION, "key", "no more rights than your own", "ask for a smaller role"),
  "key/unknown-role": row(400, INVALID, "role", "a role of the settings", "choose another role"),
  "agent/exists": row(409, INVALID, "agent", "an id that is not taken", "choose another id"),
  "agent/limit": row(409, INVALID, "agent", "no more agents than the tenant may have", "delete one first"),
  "agent/not-found": row(404, INVALID, "agent", "an agent of this tenant", "correct the agent id"),
  "agent/default": row(409, INVALID, "agent", "an agent made through this API", "make one of your own"),
  "agent/refused": row(
    409,
    INVALID,
    "agent",
    "an agent that the cell can run",
    "choose another id, or try after its restart",
  ),
  "agent/unavailable": row(503, SERVER, "agent", "a cell that takes a change", "try again shortly"),
  "admin/invalid-body": row(400, INVALID, "body", "a valid request", "correct it"),
  "cell/refused": row(400, INVALID, "body", "a request that the agent takes", "correct the request"),
  "cell/unavailable": row(503, SERVER, "cell", "a cell that takes requests", "try again shortly"),
  "cell/timeout": row(504, SERVER, "cell", "an answer in time", "try again or ask for less"),
  "cell/broken-reply": row(502, SERVER, "cell", "a whole answer", "try again"),
  "cell/run-failed": row(502, SERVER, "cell", "a run that succeeds", "try again"),
  "memory/unavailable": row(503, SERVER, "memory", "a searchable memory", "try again shortly"),
  "usage/unavailable": row(503, SERVER, "usage", "readable figures", "try again shortly"),
  "audit/unavailable": row(503, SERVER, "audit", "a writable audit log", "try again shortly"),
  "audit/unreadable": row(500, SERVER, "audit", "intact audit files", "ask your administrator to verify the audit log"),
  "client/aborted": row(499, INVALID, "connection", "a caller that waits for the answer", "keep the connection open"),
  "service/internal": row(500, SERVER, "service", "no error here", "report the trace id to your administrator"),
} as const satisfies Readonly<Record<`${string}/${string}`, ErrorRow>>;

export type ErrorCode = keyof typeof ERRORS;

/** AnswerHeaders that go with an answer. */
export type AnswerHeaders = Readonly<Record<string, string>>;

const NO_HEADERS: AnswerHeaders = {};
const CHALLENGE: AnswerHeaders = { "www-authenticate": "Bearer" };

/** A request that is not served, with the reason that its caller gets. */
export class Refusal extends ProblemError {
  readonly code: ErrorCode;
  readonly status: number;
  readonly type: string;
  /** What the answer's headers say about it: how to authenticate, when to try again. */
  readonly headers: AnswerHeaders;

  constructor(
    code: ErrorCode,
    problems: readonly [Problem, ...Problem[]],
    options?: ErrorOptions & { readonly headers?: AnswerHeaders },
  ) {
    super(problems, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = ERRORS[code].status;
    this.type = ERRORS[code].type;
    this.headers = options?.headers ?? (this.status === 401 ? CHALLENGE : NO_HEADERS);
  }
}

/** Builds a refusal from the table; `got` says what was found, without secrets and without content. */
export function refusal(
  code: ErrorCode,
  got: string,
  options?: ErrorOptions & { readonly path?: string; readonly headers?: AnswerHeaders },
): Refusal {
  const { path, expected, remedy } = ERRORS[code];
  return new Refusal(code, [{ code, path: options?.path ?? path, got, expected, remedy }], options);
}

/** The body of an error: OpenAI's shape, so that its SDKs understand it, with our code and sentence in it. */
export function errorBody(error: Refusal): { error: { message: string; type: string; code: string; param: null } } {
  return { error: { message: error.message, type: error.type, code: error.code, param: null } };
}

const FRAMEWORK: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ["request/too-large", "more bytes than that"],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ["request/wrong-content-type", "another content type or none"],
  FST_ERR_CTP_EMPTY_JSON_BODY: ["request/invalid-json", "an empty body"],
  FST_ERR_CTP_INVALID_JSON_BODY: ["request/invalid-json", "text that is no JSON, or a forbidden key"],
};

/** Whatever was thrown, as the refusal that the caller gets. Unknown errors say nothing about the inside. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { code, statusCode } = (error ?? {}) as Partial<FastifyError>;
  const known = code === undefined ? undefined : FRAMEWORK[code];
  if (known !== undefined) return refusal(...known, { cause: error });
  if (error instanceof SyntaxError && statusCode === 400) {
    return refusal("request/invalid-json", "text that is no JSON, or a forbidden key", { cause: error });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return refusal("request/malformed", "a request that HTTP does not allow", { cause: error });
  }
  return refusal("service/internal", "an unexpected error", { cause: error });
}

/** Input quoted in a message: short and on one line, whatever was sent. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
