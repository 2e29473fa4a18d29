/**
 * Fields of a chat completion request that are passed on beside `model`, `messages`, the token limit and `stream_options`,
 * which are written anew: OpenAI's own that change neither what a token costs nor where
 * the request goes (github.com/openai/openai-openapi, CreateChatCompletionRequest, 2026-11), and the sampling fields that
 * vLLM, NIM, Qwen, DeepSeek, ERNIE and Hunyuan add. What is not here does not leave: an unknown field could choose
 * another model, a dearer tier or a place where the provider keeps the content. (Qwen's `enable_thinking` is left out, too:
 * its thinking is billed beyond the token limit.)
 */
export const PASSED_FIELDS: ReadonlySet<string> = new Set([
  "stream",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "functions",
  "function_call",
  "response_format",
  "reasoning_effort",
  "verbosity",
  "temperature",
  "top_p",
  "top_k",
  "min_p",
  "frequency_penalty",
  "presence_penalty",
  "repetition_penalty",
  "seed",
  "stop",
  "logprobs",
  "top_logprobs",
  "logit_bias",
  "prompt_cache_key",
  "chat_template_kwargs",
]);

/**
 * Fields without which the request would mean something else and with which its cost has no bound or another answer has
 * to be paid for: refused, not dropped.
 */
export const REFUSED_FIELDS: ReadonlySet<string> = new Set([
  "audio",
  "prediction",
  "web_search_options",
  "search_options",
  "enable_search",
  "plugins",
  "best_of",
  "use_beam_search",
]);

/** Fields of a message that are passed on. */
export const MESSAGE_FIELDS: ReadonlySet<string> = new Set([
  "role",
  "content",
  "name",
  "tool_calls",
  "tool_call_id",
  "function_call",
  "refusal",
  "reasoning_content",
]);

export const ROLES: ReadonlySet<string> = new Set(["system", "developer", "user", "assistant", "tool", "function"]);
