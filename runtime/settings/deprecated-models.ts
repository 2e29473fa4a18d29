/** A model id to which requests fail, and what its provider says to use instead. */
export interface RetiredModel {
  readonly replacement: string;
  /** Day on which the provider's own API stopped to answer. */
  readonly retired: string;
  readonly source: string;
}

/**
 * Only ids that are already shut down at their provider, so that putting in the replacement changes a failure and nothing else.
 * Ids that will be shut down later (gpt-4o, gpt-4o-mini, gpt-4.1: 2027-01-14 by developers.openai.com/api/docs/deprecations,
 * read 2026-11-23) are left as they are until they are.
 */
export const RETIRED_MODELS: Readonly<Record<string, RetiredModel>> = {
  "claude-sonnet-4-20250514": {
    replacement: "claude-sonnet-4-6",
    retired: "2026-06-15",
    source: "Anthropic API release notes of 2026-06-15, by a record of them read 2026-11-23",
  },
  "claude-3-5-haiku-20241022": {
    replacement: "claude-haiku-4-5",
    retired: "2026-02-19",
    source: "github.com/coder/coder pull 22304, which quotes Anthropic's model deprecations, read 2026-11-23",
  },
};
