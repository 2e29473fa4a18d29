/** A value of OpenBao's configuration. */
export type HclValue = string | number | boolean | readonly HclValue[] | { readonly [key: string]: HclValue };

/** One stanza: `kind "label" { ... }`, its attributes before the stanzas in it. */
export interface Stanza {
  readonly kind: string;
  readonly labels?: readonly string[];
  readonly attributes?: Readonly<Record<string, HclValue>>;
  readonly stanzas?: readonly Stanza[];
}

/** Attributes and stanzas as HCL, which OpenBao reads at start. */
export function renderHcl(attributes: Readonly<Record<string, HclValue>>, stanzas: readonly Stanza[]): string {
  return `${[...attributeLines(attributes), ...stanzas.flatMap(stanzaLines)].join("\n")}\n`;
}

function stanzaLines({ kind, labels = [], attributes = {}, stanzas = [] }: Stanza): readonly string[] {
  const head = [kind, ...labels.map((label) => JSON.stringify(label))].join(" ");
  return [`${head} {`, ...indented([...attributeLines(attributes), ...stanzas.flatMap(stanzaLines)]), "}"];
}

function attributeLines(attributes: Readonly<Record<string, HclValue>>): readonly string[] {
  return Object.entries(attributes).map(([key, value]) => `${key} = ${valueText(value)}`);
}

/** Strings are JSON's, whose escapes are HCL's too; `${` would begin an expression, and nothing here holds one. */
function valueText(value: HclValue): string {
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)} = ${valueText(item)}`);
  return entries.length === 0 ? "{}" : `{\n${indented(entries).join("\n")}\n}`;
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replaceAll(/^/gm, "  "));
}
