import { randomBytes } from "node:crypto";

/** A request's place in a distributed trace. */
export interface Trace {
  /** 32 hex digits, the same in every service that the request passes. */
  readonly traceId: string;
  /** What to send on: the same trace, this service as the parent. */
  readonly traceparent: string;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Continues a W3C trace, or begins one when the header is missing or malformed (https://www.w3.org/TR/trace-context/, 3.2). */
export function continueTrace(header: string | readonly string[] | undefined): Trace {
  const match = typeof header === "string" ? TRACEPARENT.exec(header) : null;
  const sent = match?.[1];
  const valid = sent !== undefined && !/^0+$/.test(sent) && !/^0+$/.test(match?.[2] ?? "");
  const traceId = valid ? sent : randomBytes(16).toString("hex");
  const flags = valid ? (match?.[3] ?? "00") : "00";
  return { traceId, traceparent: `00-${traceId}-${randomBytes(8).toString("hex")}-${flags}` };
}
