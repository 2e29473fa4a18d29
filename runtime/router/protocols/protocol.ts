import type { Tokens } from "../../prices/index.ts";
import type { ChatRequest, JsonObject } from "../chat/request.ts";
import type { ProviderComplaint } from "../errors.ts";

/** What is sent, beside what the cell sent. */
export interface Outgoing {
  readonly model: string;
  /** Tokens that may be generated at most; the provider is told so and paid for no more. */
  readonly maxTokens: number;
}

/** A whole reply of a provider, as OpenAI would have sent it. */
export interface WholeReply {
  readonly completion: JsonObject;
  /** The completion's bytes where the provider's can be passed on as they are; undefined: it has to be written anew. */
  readonly bytes: Buffer | undefined;
  /** Undefined: the provider did not say. */
  readonly usage: Tokens | undefined;
}

/** Turns a provider's event stream into OpenAI's. */
export interface StreamTranslation {
  /** What the piece completes, as whole OpenAI events; undefined: nothing yet. `data: [DONE]` included when it ends. */
  push(chunk: Buffer): Buffer | undefined;
  /** What the provider has said of its usage so far, where its events say it earlier than OpenAI's. */
  readonly usage: Tokens | undefined;
}

/** How a model server is spoken to. Stateless: one for all requests of a provider. */
export interface Protocol {
  /** Below the provider's base URL. */
  readonly path: string;
  /** Whether tokens can be generated and billed of which nothing is seen in the reply (reasoning that is not shown). */
  readonly hidesReasoning: boolean;
  headers(key: string | undefined): Readonly<Record<string, string>>;
  /** @throws Refusal `request/unsupported-content` for what this protocol cannot say. */
  encode(request: ChatRequest, outgoing: Outgoing): string;
  /** @returns undefined when the body is no reply of this protocol. */
  decode(body: Buffer): WholeReply | undefined;
  /** Undefined: the stream is OpenAI's already. */
  translation(): StreamTranslation | undefined;
  /** What an error's body says about the request; undefined when it says nothing that can be read. */
  complaint(body: Buffer): ProviderComplaint | undefined;
}
