const MAX_SHOWN = 60;

/** Texts that are keys by their look: they are never shown, wherever they turn up. */
const looksLikeKey =
  /^(sk|pk|xai|gh[pousr]|bw|nvapi|hf|glpat|xox[abp])[-_]|^(AKIA|LTAI|AKID|eyJ)|(?=[A-Za-z+/_]*\d)[A-Za-z0-9+/_]{32,}|:\/\/[^/\s]*:[^/\s]*@/;

/** A value as messages quote it: short, one line, and never something that looks like a key. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  if (looksLikeKey.test(value)) return "a text that may be a secret and is not shown";
  return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}...` : value);
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, changed));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The name that `given` was most likely meant to be, undefined when none is near. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  if (given.length > 100) return undefined;
  const allowed = Math.max(2, Math.floor(given.length / 3));
  const ranked = names
    .map((name) => ({ name, away: distance(given.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.away - b.away);
  const [best] = ranked;
  return best !== undefined && best.away <= allowed ? best.name : undefined;
}
