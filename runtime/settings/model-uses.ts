import { listAt, type Path, valueAt } from "./walk.ts";

/** One place that names a model. */
export interface ModelUse {
  readonly path: Path;
  readonly provider: string;
  readonly model: unknown;
  /** Whether it stands where requests go that must stay inside. */
  readonly inside: boolean;
}

/**
 * Every place in which a tenant names a model: the first, each fallback, the cheap one, the internal one. Reads data of any
 * shape. A new place belongs here, so that every rule about models sees it.
 *
 * @param at path of the tenant.
 */
export function modelUses(tenant: unknown, at: Path): readonly ModelUse[] {
  const places: readonly Path[] = [
    ["llm_config"],
    ...listAt(tenant, ["llm_config", "fallbacks"]).map((_, index) => ["llm_config", "fallbacks", index]),
    ["llm_config", "cheap_first"],
    ["llm_config", "internal"],
  ];
  return places.flatMap((place) => {
    const provider = valueAt(tenant, [...place, "provider"]);
    if (typeof provider !== "string") return [];
    const model = valueAt(tenant, [...place, "model"]);
    return [{ path: [...at, ...place], provider, model, inside: place[1] === "internal" }];
  });
}
