import { type Maker, MODEL_MAKERS } from "./model-makers.ts";

/** Shorter words stand inside others by chance: `gpt` does, `llama` does not. */
const MIN_INSIDE = 5;

/**
 * Every maker that the name of a model speaks of; none for a name that nobody knows. A model that was made of another's is
 * both: `deepseek-r1-distill-llama-70b` is Meta's too. Words are compared as a whole, without the number behind them, and
 * with {@link MIN_INSIDE} letters or more also inside others, for makers outside `home`: a name that hides one is found,
 * and a name that only contains a word of `home` is nobody's.
 *
 * @param home country whose models are asked for.
 */
export function makersOf(model: string, home: string): readonly Maker[] {
  const name = model.normalize("NFKC").toLowerCase();
  // A letter of another script can look like any of these.
  if (!/^[\x20-\x7e]+$/.test(name)) return [];
  const whole = name.split(/[^a-z0-9]+/);
  const words = new Set([...whole, ...whole.map((word) => word.replace(/\d.*$/, ""))]);
  const squeezed = name.replace(/[^a-z0-9]/g, "");
  return MODEL_MAKERS.filter(({ country, words: own }) =>
    own.some((word) => words.has(word) || (country !== home && word.length >= MIN_INSIDE && squeezed.includes(word))),
  );
}
