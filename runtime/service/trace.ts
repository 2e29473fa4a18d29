import { randomFillSync } from "node:crypto";

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
  const traceId = valid ? sent : randomHex(16);
  const flags = valid ? (match?.[3] ?? "00") : "00";
  return { traceId, traceparent: `00-${traceId}-${randomHex(8)}-${flags}` };
}

/** Random bytes for some 340 requests at a time: asking the system for each costs more than all the rest of a trace. */
const pool = Buffer.alloc(8192);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString("hex", used - bytes, used);
}
