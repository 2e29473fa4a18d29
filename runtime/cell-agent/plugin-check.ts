import { z } from "zod";

/** The part of OpenClaw's `health` answer that is looked at (openclaw 2026.9.6); whatever else it says may change. */
const Health = z.object({
  ok: z.boolean(),
  plugins: z.object({
    loaded: z.array(z.string()),
    errors: z.array(z.unknown()),
    unavailable: z.array(z.unknown()).default([]),
  }),
});

/**
 * Why a cell with this `health` answer must not serve; undefined when it may.
 *
 * OpenClaw starts, and says that it is ready, also when it has refused to load a plugin: without this check a cell would
 * serve without its guard.
 */
export function refusal(health: unknown, required: readonly string[]): string | undefined {
  const parsed = Health.safeParse(health);
  if (!parsed.success) return "the gateway's health answer has an unknown shape";
  const { ok, plugins } = parsed.data;
  if (!ok) return "the gateway says that it is not healthy";
  const missing = required.filter((name) => !plugins.loaded.includes(name));
  if (missing.length > 0) return `plugins not loaded: ${missing.join(", ")}`;
  if (plugins.errors.length > 0) return `${plugins.errors.length} plugin errors`;
  return undefined;
}
