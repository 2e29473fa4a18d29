import { SECRET } from "../plan/recorder.ts";

/** With these two the engine marks a secret in a state (sdk/go/common/resource/sig); its text stands beside, encrypted or not. */
const SIGNATURE = { key: "4dabf18193072939515e22adb298388d", secret: "1b47061264138c4ac30d75fd1eb44270" } as const;

/** Inputs as a plan shows them: one that is secret, or that has a secret anywhere in it, is said to be one. Nothing is decrypted. */
export function withoutSecrets(inputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, hasSecret(value) ? SECRET : value]));
}

/** Without recursion: how deep a state is nested is up to whoever wrote it. */
function hasSecret(value: unknown): boolean {
  const left = [value];
  for (let next = left.pop(); next !== undefined || left.length > 0; next = left.pop()) {
    if (typeof next !== "object" || next === null) continue;
    if ((next as Record<string, unknown>)[SIGNATURE.key] === SIGNATURE.secret) return true;
    for (const item of Object.values(next)) left.push(item);
  }
  return false;
}
