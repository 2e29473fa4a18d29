import type { Standing } from "./paper.ts";

/** The text that marks how far a statement is true. */
export function markKey(standing: Standing): "mark.planned" | "mark.tried" | "mark.procedure" | "mark.not-shown" {
  return standing === "not shown" ? "mark.not-shown" : `mark.${standing}`;
}
