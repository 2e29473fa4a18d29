import { type Hit, type Screen, type ScreeningAction, screenReply, screenRequest } from "../../screening/index.ts";
import { type ProviderComplaint, Refusal } from "../errors.ts";
import type { ChatRequest, JsonObject } from "./request.ts";

/** A request after screening. */
export interface ScreenedRequest {
  /** With what was to be redacted redacted. */
  readonly request: ChatRequest;
  /** The strongest of all that matched. */
  readonly action: "pass" | ScreeningAction;
  readonly hits: readonly Hit[];
}

/** A reply after screening. */
export interface ScreenedReply {
  readonly reply: JsonObject;
  /** Whether the reply differs from the provider's. */
  readonly changed: boolean;
  readonly blocked: boolean;
  readonly hits: readonly Hit[];
}

const NONE: readonly Hit[] = [];

/**
 * Screens everything of a conversation that goes to a provider: what people and models said, results of tools and
 * arguments of their calls.
 * @throws Refusal `screening/failed`: what could not be screened is not sent.
 */
export function screenedRequest(screen: Screen, request: ChatRequest): ScreenedRequest {
  if (!screen.active) return { request, action: "pass", hits: NONE };
  const { messages } = request;
  const verdict = orRefuse(() => screenRequest(screen, { messages }));
  const { action, hits } = verdict;
  const screened = verdict.body["messages"] as ChatRequest["messages"];
  return { request: screened === messages ? request : { ...request, messages: screened }, action, hits };
}

/** Screens a whole completion. @throws Refusal `screening/failed`. */
export function screenedReply(screen: Screen, completion: JsonObject): ScreenedReply {
  if (!screen.active) return { reply: completion, changed: false, blocked: false, hits: NONE };
  const { action, hits, reply } = orRefuse(() => screenReply(screen, completion));
  return { reply, changed: reply !== completion, blocked: action === "block", hits };
}

/** What a provider said about a request may quote it. Undefined: nothing of it may be passed on. */
export function screenedComplaint(screen: Screen, complaint: ProviderComplaint): ProviderComplaint | undefined {
  if (!screen.active) return complaint;
  const { action, text } = orRefuse(() => screen.text(complaint.message));
  return action === "block" || action === "route" ? undefined : { ...complaint, message: text };
}

function orRefuse<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Refusal("screening/failed", undefined, { cause });
  }
}
