import type { Hit } from "./screen.ts";

/** Adds hits up by rule. */
export class HitCounter {
  readonly #hits = new Map<string, Hit>();

  get all(): readonly Hit[] {
    return [...this.#hits.values()];
  }

  add(hits: readonly Hit[]): void {
    for (const hit of hits) {
      const seen = this.#hits.get(hit.rule);
      this.#hits.set(hit.rule, seen === undefined ? hit : { ...hit, count: seen.count + hit.count });
    }
  }
}
