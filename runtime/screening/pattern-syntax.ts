/** A regular expression without flags, as far as V8's linear engine can run it. */
export type Node =
  | { readonly kind: "char"; readonly source: string }
  | { readonly kind: "assertion"; readonly source: string }
  | { readonly kind: "sequence"; readonly parts: readonly Node[] }
  | { readonly kind: "choice"; readonly options: readonly Node[] }
  | {
      readonly kind: "repeat";
      readonly part: Node;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    };

/** What a pattern uses that cannot run in linear time, or that is not understood. */
export class UnsupportedPattern extends Error {
  override readonly name = "UnsupportedPattern";
}

const QUANTIFIER = /[*+?]|\{(\d+)(?:(,)(\d*))?\}/y;
const ESCAPE = /\\(?:x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|c[A-Za-z]|[\s\S])/y;
const CLASS = /\[\^?(?:\\[\s\S]|[^\]\\])*\]/y;
const GROUP = /\((?:\?:|\?<[A-Za-z_$][\w$]*>)?/y;

/** Parses a pattern that `RegExp` accepts. Groups lose their numbers and names, which nothing refers to. @throws UnsupportedPattern */
export function parsePattern(source: string): Node {
  let at = 0;

  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };

  const choice = (): Node => {
    const options = [sequence()];
    while (source[at] === "|") {
      at += 1;
      options.push(sequence());
    }
    return options.length === 1 ? (options[0] as Node) : { kind: "choice", options };
  };

  const sequence = (): Node => {
    const parts: Node[] = [];
    while (at < source.length && source[at] !== "|" && source[at] !== ")") parts.push(quantified(atom()));
    return parts.length === 1 ? (parts[0] as Node) : { kind: "sequence", parts };
  };

  const quantified = (part: Node): Node => {
    const match = take(QUANTIFIER);
    if (match === null) return part;
    const lazy = source[at] === "?";
    if (lazy) at += 1;
    return { kind: "repeat", part, ...bounds(match), lazy };
  };

  const atom = (): Node => {
    const char = source[at] as string;
    if (char === "^" || char === "$") {
      at += 1;
      return { kind: "assertion", source: char };
    }
    if (char === "(") return group();
    if (char === "[") return { kind: "char", source: (take(CLASS) as RegExpExecArray)[0] };
    if (char === "\\") return escaped((take(ESCAPE) as RegExpExecArray)[0]);
    at += 1;
    // Outside of a quantifier these stand for themselves (ECMA-262, Annex B); escaped they do so everywhere.
    return { kind: "char", source: /[{}\]]/.test(char) ? `\\${char}` : char };
  };

  const group = (): Node => {
    if (/^\(\?(?:[=!]|<[=!])/.test(source.slice(at, at + 4))) throw new UnsupportedPattern("looks ahead or behind");
    take(GROUP);
    if (source[at] === "?") throw new UnsupportedPattern("sets flags inside");
    const inner = choice();
    at += 1;
    return inner;
  };

  const parsed = choice();
  if (at !== source.length) throw new UnsupportedPattern("is not understood");
  return parsed;
}

function escaped(source: string): Node {
  if (source === "\\b" || source === "\\B") return { kind: "assertion", source };
  if (/^\\[1-9]/.test(source) || source.startsWith("\\k")) throw new UnsupportedPattern("refers back to a group");
  return { kind: "char", source };
}

function bounds([text, from, comma, to]: RegExpExecArray): { readonly min: number; readonly max: number } {
  if (text === "*") return { min: 0, max: Number.POSITIVE_INFINITY };
  if (text === "+") return { min: 1, max: Number.POSITIVE_INFINITY };
  if (text === "?") return { min: 0, max: 1 };
  const min = Number(from);
  if (comma === undefined) return { min, max: min };
  return { min, max: to === "" ? Number.POSITIVE_INFINITY : Number(to) };
}

/** The fewest characters that a match has. */
export function shortestMatch(node: Node): number {
  switch (node.kind) {
    case "char":
      return 1;
    case "assertion":
      return 0;
    case "sequence":
      return node.parts.reduce((sum, part) => sum + shortestMatch(part), 0);
    case "choice":
      return Math.min(...node.options.map(shortestMatch));
    case "repeat":
      return node.min === 0 ? 0 : node.min * shortestMatch(node.part);
  }
}

/** A rendered pattern may not be longer: each repeat is written out, because V8's linear engine repeats at most 16 times. */
const LONGEST_SOURCE = 20_000;
const MOST_COPIES = 1000;

/** The pattern with its repeats written out. @throws UnsupportedPattern when that is too long. */
export function render(node: Node): string {
  const source = renderNode(node);
  if (source.length > LONGEST_SOURCE) throw new UnsupportedPattern("repeats too much");
  return source;
}

function renderNode(node: Node): string {
  switch (node.kind) {
    case "char":
    case "assertion":
      return node.source;
    case "sequence":
      return checked(node.parts.map((part) => grouped(part, part.kind === "choice")).join(""));
    case "choice":
      return checked(node.options.map(renderNode).join("|"));
    case "repeat":
      return renderRepeat(node);
  }
}

function renderRepeat({ part, min, max, lazy }: Extract<Node, { kind: "repeat" }>): string {
  const bounded = max === Number.POSITIVE_INFINITY ? min : max;
  if (bounded > MOST_COPIES) throw new UnsupportedPattern("repeats too much");
  const once = grouped(part, part.kind !== "char");
  const sign = lazy ? "?" : "";
  const required = copies(once, min);
  if (max === Number.POSITIVE_INFINITY) return checked(`${required}${once}*${sign}`);
  let optional = "";
  for (let count = min; count < max; count += 1) optional = checked(`(?:${once}${optional})?${sign}`);
  return checked(required + optional);
}

function copies(once: string, count: number): string {
  return checked(once.length * count > LONGEST_SOURCE ? " ".repeat(LONGEST_SOURCE + 1) : once.repeat(count));
}

function grouped(node: Node, group: boolean): string {
  return group ? `(?:${renderNode(node)})` : renderNode(node);
}

function checked(source: string): string {
  if (source.length > LONGEST_SOURCE) throw new UnsupportedPattern("repeats too much");
  return source;
}

/** A pattern for every beginning of a match, the empty one too, and sometimes for a little more. @throws UnsupportedPattern */
export function renderBeginning(node: Node): string {
  switch (node.kind) {
    case "char":
      return `(?:${node.source})?`;
    case "assertion":
      return "";
    case "sequence":
      return node.parts.reduceRight((rest, part) => {
        const begun = renderBeginning(part);
        return checked(rest === "" ? begun : `(?:${grouped(part, part.kind === "choice")}(?:${rest})|${begun})`);
      }, "");
    case "choice":
      return checked(`(?:${node.options.map(renderBeginning).join("|")})`);
    case "repeat": {
      const whole = node.max > 1 ? `(?:${renderNode(node.part)})${node.max <= 16 ? `{0,${node.max - 1}}` : "*"}` : "";
      return checked(whole + renderBeginning(node.part));
    }
  }
}

/** The most characters that a match has; infinite when there is no most. */
export function longestMatch(node: Node): number {
  switch (node.kind) {
    case "char":
      return 1;
    case "assertion":
      return 0;
    case "sequence":
      return node.parts.reduce((sum, part) => sum + longestMatch(part), 0);
    case "choice":
      return Math.max(...node.options.map(longestMatch));
    case "repeat":
      return node.max === 0 ? 0 : node.max * longestMatch(node.part);
  }
}

/** In how many ways a backtracking engine can try a pattern at one place, at most; infinite without a most. */
export function waysToTry(node: Node): number {
  switch (node.kind) {
    case "char":
    case "assertion":
      return 1;
    case "sequence":
      return node.parts.reduce((product, part) => product * waysToTry(part), 1);
    case "choice":
      return node.options.reduce((sum, option) => sum + waysToTry(option), 0);
    case "repeat": {
      const ways = waysToTry(node.part);
      if (node.max === Number.POSITIVE_INFINITY) return node.max;
      let sum = 0;
      for (let count = node.min; count <= node.max && sum < MOST_COPIES; count += 1) sum += ways ** count;
      return sum;
    }
  }
}

/** Classes of the characters that a match can begin with. */
export function firstCharacters(node: Node): readonly string[] {
  switch (node.kind) {
    case "char":
      return [node.source];
    case "assertion":
      return [];
    case "choice":
      return node.options.flatMap(firstCharacters);
    case "repeat":
      return firstCharacters(node.part);
    case "sequence": {
      const found: string[] = [];
      for (const part of node.parts) {
        found.push(...firstCharacters(part));
        if (shortestMatch(part) > 0) break;
      }
      return found;
    }
  }
}
