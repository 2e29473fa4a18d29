import { Screen } from "../../../../runtime/screening/index.ts";
import { DETECTORS } from "../../../../runtime/settings/services.ts";

/** The two rules of the source requirements, as they are written there. */
export const SOURCE_RULES = [
  { name: "block_pii", action: "redact", pattern: "\\b\\d{3}-\\d{2}-\\d{4}\\b" },
  { name: "block_credit_card", action: "block", pattern: "\\b\\d{4}[- ]?\\d{4}[- ]?\\d{4}[- ]?\\d{4}\\b" },
] as const;

/** A screen with one rule for each detector; phone is left out as it is by default. */
export const detectors = Screen.compile({
  rules: DETECTORS.filter((name) => name !== "phone").map((detector) => ({
    name: detector,
    action: "redact",
    detector,
  })),
});

/** Every detector and both source rules, redacting. */
export const everything = Screen.compile({
  rules: [
    ...SOURCE_RULES.map((rule) => ({ ...rule, action: "redact" as const })),
    ...DETECTORS.map((detector) => ({ name: detector, action: "redact" as const, detector })),
  ],
});
