import { jsonOrUndefined } from "../../json/index.ts";
import type { Tokens } from "../../prices/index.ts";
import { isObject, type JsonObject } from "../chat/request.ts";
import { anthropicUsage, finishReason, openAiFigures } from "./anthropic-reply.ts";
import { EventLines } from "./event-lines.ts";
import type { StreamTranslation } from "./protocol.ts";

interface ToolBlock {
  /** Place among the tool calls of the reply, as OpenAI counts them. */
  readonly index: number;
  wrote: boolean;
}

/**
 * Anthropic's event stream as OpenAI's chunks (platform.claude.com/docs/en/build-with-claude/streaming, 2026-11-23):
 * text and arguments of tool calls piece by piece, then the reason of the end, the usage and `[DONE]`. Thinking and pings
 * are left out; events of a kind that is not known are, too, as Anthropic asks for.
 */
export class AnthropicStream implements StreamTranslation {
  usage: Tokens | undefined;
  readonly #lines = new EventLines();
  readonly #tools = new Map<unknown, ToolBlock>();
  #head: JsonObject = { id: "", object: "chat.completion.chunk", created: 0, model: "" };
  #stopReason: unknown;

  push(chunk: Buffer): Buffer | undefined {
    let out = "";
    for (const data of this.#lines.push(chunk)) out += this.#event(jsonOrUndefined(data));
    return out === "" ? undefined : Buffer.from(out, "utf8");
  }

  #event(event: unknown): string {
    if (!isObject(event)) return written({ error: { message: "unreadable event", type: "server_error", code: null } });
    switch (event["type"]) {
      case "message_start":
        return this.#start(event["message"]);
      case "content_block_start":
        return this.#blockStart(event["index"], event["content_block"]);
      case "content_block_delta":
        return this.#blockDelta(event["index"], event["delta"]);
      case "content_block_stop":
        return this.#blockStop(event["index"]);
      case "message_delta":
        return this.#delta(event);
      case "message_stop":
        return this.#stop();
      case "error":
        return written({ error: event["error"] ?? { message: "unknown", type: "server_error", code: null } });
      default:
        return "";
    }
  }

  #start(message: unknown): string {
    if (!isObject(message)) return "";
    this.#head = { ...this.#head, id: message["id"], model: message["model"] };
    this.usage = anthropicUsage(message["usage"]);
    return this.#chunk({ role: "assistant", content: "" });
  }

  #blockStart(at: unknown, block: unknown): string {
    if (!isObject(block)) return "";
    if (block["type"] === "text") return block["text"] ? this.#chunk({ content: block["text"] }) : "";
    if (block["type"] !== "tool_use") return "";
    const tool: ToolBlock = { index: this.#tools.size, wrote: false };
    this.#tools.set(at, tool);
    const { id, name, input } = block;
    // Servers that do not stream arguments send them here.
    const whole = isObject(input) && Object.keys(input).length > 0 ? JSON.stringify(input) : "";
    tool.wrote = whole !== "";
    const call = { index: tool.index, id, type: "function", function: { name, arguments: whole } };
    return this.#chunk({ tool_calls: [call] });
  }

  #blockDelta(at: unknown, delta: unknown): string {
    if (!isObject(delta)) return "";
    if (delta["type"] === "text_delta") return this.#chunk({ content: delta["text"] });
    if (delta["type"] !== "input_json_delta" || delta["partial_json"] === "") return "";
    return this.#arguments(at, delta["partial_json"]);
  }

  /** A call without arguments streams none; OpenAI's clients parse `{}`. */
  #blockStop(at: unknown): string {
    return this.#tools.get(at)?.wrote === false ? this.#arguments(at, "{}") : "";
  }

  #arguments(at: unknown, json: unknown): string {
    const tool = this.#tools.get(at);
    if (tool === undefined) return "";
    tool.wrote = true;
    return this.#chunk({ tool_calls: [{ index: tool.index, function: { arguments: json } }] });
  }

  /** Figures here are those of the whole reply so far; input is repeated by some servers and left out by others. */
  #delta({ delta, usage }: JsonObject): string {
    if (isObject(delta)) this.#stopReason = delta["stop_reason"];
    const before = this.usage;
    const tokensOut = isObject(usage) ? usage["output_tokens"] : undefined;
    const all = anthropicUsage(usage);
    if (all !== undefined && all.tokensIn > 0) this.usage = all;
    else if (before !== undefined && typeof tokensOut === "number") this.usage = { ...before, tokensOut };
    return "";
  }

  #stop(): string {
    const end = this.#chunk({}, finishReason(this.#stopReason));
    const usage =
      this.usage === undefined ? "" : written({ ...this.#head, choices: [], usage: openAiFigures(this.usage) });
    return `${end}${usage}data: [DONE]\n\n`;
  }

  #chunk(delta: JsonObject, finish_reason: string | null = null): string {
    return written({ ...this.#head, choices: [{ index: 0, delta, finish_reason }] });
  }
}

function written(value: JsonObject): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
