const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * Keys that occur twice in one object of a JSON text, which `JSON.parse` lets pass and of which it keeps the last.
 * `text` must be well-formed JSON.
 */
export function duplicateJsonKeys(text: string): readonly string[] {
  const open: (Set<string> | undefined)[] = [];
  const found: string[] = [];
  let last = "";
  for (const [part] of text.matchAll(token)) {
    if (part === "{") open.push(new Set());
    else if (part === "[") open.push(undefined);
    else if (part === "}" || part === "]") open.pop();
    else if (part === ":") {
      const keys = open.at(-1);
      const key = String(JSON.parse(last));
      if (keys?.has(key)) found.push(`the key ${last}`);
      keys?.add(key);
    }
    last = part;
  }
  return found;
}
