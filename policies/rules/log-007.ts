import type { StackRule } from "../rule.ts";

/** Destinations that are a system of their own; a file lies on the same volume as the log itself. */
const ELSEWHERE = ["splunk", "elasticsearch", "syslog"];

/**
 * A log that the watched can reach proves nothing against them. Front door, model router and cells ship their records by
 * themselves, so this asks where to; a bucket of the same account, locked or not, is the same trust domain.
 */
export const log007: StackRule = {
  id: "LOG-007",
  subjects: [],
  *check({ facts: { auditDestinations } }) {
    if (auditDestinations.some((kind) => ELSEWHERE.includes(kind))) return;
    const given = auditDestinations.length === 0 ? "nowhere" : `to ${auditDestinations.join(", ")} only`;
    yield { problem: `audit records are shipped ${given}` };
  },
};
