import { z } from "zod";
import type { RouterSettings } from "../settings/services.ts";
import { Refusal } from "./errors.ts";

/** The only model that a cell knows; which model that is, the tenant's settings say. */
export const TENANT_MODEL = "tenant-default";

type TenantSettings = RouterSettings["tenants"][number];

const count = z.number().int().positive().nullish();
const Body = z.looseObject({
  model: z.string(),
  messages: z.array(z.unknown()).min(1),
  stream: z.boolean().nullish(),
  max_tokens: count,
  max_completion_tokens: count,
  /** More choices would multiply the tokens past the cap. */
  n: z.literal(1).nullish(),
});

/** A request as it goes to the provider. */
export interface ProviderRequest {
  readonly body: Readonly<Record<string, unknown>>;
  readonly stream: boolean;
}

/**
 * Makes the provider's request out of the cell's: the tenant's model instead of `tenant-default`, and the token cap.
 *
 * A request over the cap is clamped, not refused: OpenClaw sends a token limit of its own with every turn and no person
 * chose it, so refusing would break each turn. A request without a limit gets the cap as `max_completion_tokens`, the
 * field that OpenClaw itself sends. Everything else passes unchanged.
 * @throws Refusal `request/invalid-body`, `model/unknown`.
 */
export function rewrite(body: unknown, { model, max_tokens_per_request: cap }: TenantSettings): ProviderRequest {
  const parsed = Body.safeParse(body);
  if (!parsed.success) {
    const where = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`).join("; ");
    throw new Refusal("request/invalid-body", where, { cause: parsed.error });
  }
  const { data } = parsed;
  if (data.model !== TENANT_MODEL) throw new Refusal("model/unknown");
  return { body: { ...data, model, ...limits(data, cap) }, stream: data.stream === true };
}

function limits(
  { max_tokens, max_completion_tokens }: z.output<typeof Body>,
  cap: number | undefined,
): Record<string, number> {
  if (cap === undefined) return {};
  const clamped = {
    ...(typeof max_tokens === "number" ? { max_tokens: Math.min(max_tokens, cap) } : {}),
    ...(typeof max_completion_tokens === "number"
      ? { max_completion_tokens: Math.min(max_completion_tokens, cap) }
      : {}),
  };
  return Object.keys(clamped).length > 0 ? clamped : { max_completion_tokens: cap };
}
