import type { Candidate } from "../call/candidate.ts";
import { fromEvents, isRepeatable } from "../chat/completion.ts";
import type { ChatRequest, JsonObject } from "../chat/request.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { Trail } from "../trail.ts";
import { cacheKey } from "./key.ts";

/** Longest stream that is kept. */
const MAX_KEPT_BYTES = 1_048_576;

export interface ReplyKeeperOptions {
  readonly tenant: Tenant;
  readonly trail: Trail;
  readonly request: ChatRequest;
  readonly maxTokens: number;
  /** Whether the log keeps content. */
  readonly keepsContent: boolean;
}

/** Keeps the answer of one request for those to whom it may be given again: the tenant's cache, and the log. */
export class ReplyKeeper {
  readonly #options: ReplyKeeperOptions;
  #key: string | undefined;
  #pieces: Buffer[] | undefined;
  #bytes = 0;

  constructor(options: ReplyKeeperOptions) {
    this.#options = options;
  }

  /** The answer that was kept for this request to this model. */
  kept(candidate: Candidate): Buffer | undefined {
    const { tenant, trail, keepsContent } = this.#options;
    const key = this.#keyFor(candidate);
    const kept = key === undefined ? undefined : tenant.cache?.get(key);
    if (kept !== undefined && keepsContent) trail.replyText = kept.toString("utf8");
    return kept;
  }

  /** Begins anew: the answer will be that of this model. */
  begin(candidate: Candidate): void {
    const { keepsContent, request } = this.#options;
    this.#key = this.#keyFor(candidate);
    this.#pieces = request.stream && (keepsContent || this.#key !== undefined) ? [] : undefined;
    this.#bytes = 0;
  }

  /** A whole answer, as the provider meant it and as it was passed on. */
  whole(completion: JsonObject, text: Buffer): void {
    const { tenant, trail, keepsContent } = this.#options;
    if (this.#key !== undefined && isRepeatable(completion)) tenant.cache?.set(this.#key, text);
    if (keepsContent) trail.replyText = text.toString("utf8");
  }

  piece(bytes: Buffer): void {
    if (this.#pieces === undefined) return;
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_KEPT_BYTES) this.#pieces = undefined;
    else this.#pieces.push(bytes);
  }

  /** The stream came whole. */
  streamed(): void {
    if (this.#pieces === undefined) return;
    const { tenant, trail, keepsContent } = this.#options;
    const text = Buffer.concat(this.#pieces).toString("utf8");
    if (keepsContent) trail.replyText = text;
    const completion = this.#key === undefined ? undefined : fromEvents(text);
    if (completion === undefined || this.#key === undefined || !isRepeatable(completion)) return;
    tenant.cache?.set(this.#key, Buffer.from(JSON.stringify(completion)));
  }

  #keyFor({ provider, model }: Candidate): string | undefined {
    const { tenant, request, maxTokens } = this.#options;
    return tenant.cache === undefined ? undefined : cacheKey(request, { provider: provider.name, model, maxTokens });
  }
}
