/** Tools whose strings reach a shell: `process` types into one that runs already. */
const SHELL_TOOLS: ReadonlySet<string> = new Set(["exec", "bash", "process", "code_execution"]);

const WORD = /[\p{L}\p{N}_]/u;

/**
 * The first blocked text that occurs in a call of a shell tool; undefined when none does. Any run of white space is one
 * blank, and an entry that begins or ends with a letter or digit matches whole words: `dd` is not found in `git add`,
 * `rm -rf /` is found in `rm -rf /etc`.
 *
 * A guard rail against accidents: a command can be spelled in ways that no text comparison finds. What a command can
 * reach is decided by the sandbox.
 */
export function blockedCommand(tool: string, params: unknown, blocked: readonly string[]): string | undefined {
  if (!SHELL_TOOLS.has(tool)) return undefined;
  const texts = [...strings(params)].map(fold);
  return blocked.find((entry) => texts.some((text) => contains(text, fold(entry).trim())));
}

function* strings(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (value !== null && typeof value === "object") for (const part of Object.values(value)) yield* strings(part);
}

function fold(text: string): string {
  return text.replaceAll(/\s+/gu, " ");
}

function contains(text: string, entry: string): boolean {
  for (let at = text.indexOf(entry); at >= 0 && entry !== ""; at = text.indexOf(entry, at + 1)) {
    const end = at + entry.length;
    const inWordBefore = at > 0 && isWord(text[at - 1]) && isWord(entry[0]);
    const inWordAfter = end < text.length && isWord(text[end]) && isWord(entry.at(-1));
    if (!inWordBefore && !inWordAfter) return true;
  }
  return false;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && WORD.test(character);
}
