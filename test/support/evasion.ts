/** A source of numbers that is the same every time. Mulberry32: quick, and good enough to vary samples. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Random = () => number;

/** `length` digits of which the first are `prefix` and the last is Luhn's check digit. */
export function cardNumber(random: Random, prefix: string, length: number): string {
  let body = prefix;
  while (body.length < length - 1) body += digit(random);
  let sum = 0;
  for (let index = 0; index < body.length; index += 1) {
    const value = Number(body[body.length - 1 - index]);
    const doubled = index % 2 === 0 ? value * 2 : value;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return body + String((10 - (sum % 10)) % 10);
}

/** A Visa or Mastercard number of 16 digits. */
export function sixteen(random: Random): string {
  return cardNumber(random, random() < 0.5 ? "4" : `5${1 + Math.floor(random() * 5)}`, 16);
}

/** A social security number as three parts. */
export function ssnParts(random: Random): readonly [area: string, group: string, serial: string] {
  let area = 1 + Math.floor(random() * 898);
  if (area === 666) area = 667;
  const group = 1 + Math.floor(random() * 99);
  const serial = 1 + Math.floor(random() * 9999);
  return [String(area).padStart(3, "0"), String(group).padStart(2, "0"), String(serial).padStart(4, "0")];
}

/** A Korean number as birth date and the rest, with the check digit that numbers given before October 2020 have. */
export function rrnParts(random: Random): readonly [birth: string, rest: string] {
  const year = 50 + Math.floor(random() * 50);
  const birth = `${year}${two(1 + Math.floor(random() * 12))}${two(1 + Math.floor(random() * 28))}`;
  let body = `${birth}${1 + Math.floor(random() * 2)}`;
  while (body.length < 12) body += digit(random);
  let sum = 0;
  for (let index = 0; index < 12; index += 1) sum += Number(body[index]) * (2 + (index % 8));
  return [birth, body.slice(6) + String((11 - (sum % 11)) % 10)];
}

/** A Chinese resident identity number of 18 characters. */
export function cnResidentId(random: Random): string {
  const year = 1950 + Math.floor(random() * 60);
  const date = `${year}${two(1 + Math.floor(random() * 12))}${two(1 + Math.floor(random() * 28))}`;
  let body = `110105${date}`;
  while (body.length < 17) body += digit(random);
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return body + "10X98765432".charAt(sum % 11);
}

function digit(random: Random): string {
  return String(Math.floor(random() * 10));
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** Groups of four. */
function fours(digits: string): readonly string[] {
  return digits.match(/.{1,4}/g) ?? [];
}

/** Digits of another script: those from `zero` on. */
function scripted(text: string, zero: number): string {
  return text.replace(/\d/g, (char) => String.fromCodePoint(zero + Number(char)));
}

function unicodeEscaped(text: string): string {
  return [...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
}

/** One way to write something past a scanner. */
export interface Evasion {
  readonly name: string;
  /** What of the sample must be gone after screening: without it the sample gives nothing away. */
  readonly sample: (random: Random) => { readonly text: string; readonly secret: string };
}

function of(name: string, write: (random: Random) => string, around = (text: string) => `pay ${text} now`): Evasion {
  return {
    name,
    sample: (random) => {
      const secret = write(random);
      return { text: around(secret), secret };
    },
  };
}

/**
 * The 21 classes of the measured reference (every one of its names), and those that this product adds. Nine plain digits
 * are sought only after a word that says what they are.
 */
export const EVASIONS: readonly Evasion[] = [
  of("16 digits plain", (r) => sixteen(r)),
  of("16 digits dashed", (r) => fours(sixteen(r)).join("-")),
  of("16 digits spaced", (r) => fours(sixteen(r)).join(" ")),
  of("Amex, 15 digits", (r) => cardNumber(r, r() < 0.5 ? "34" : "37", 15)),
  of("13 digits", (r) => cardNumber(r, "4", 13)),
  of("UnionPay, 19 digits", (r) => cardNumber(r, "62", 19)),
  of("NBSP", (r) => fours(sixteen(r)).join("\u00a0")),
  of("en dash", (r) => fours(sixteen(r)).join("\u2013")),
  of("dot", (r) => fours(sixteen(r)).join(".")),
  of("double space", (r) => fours(sixteen(r)).join("  ")),
  of("newline-split", (r) => sixteen(r).replace(/^(.{8})/, "$1\n")),
  of("full-width digits", (r) => scripted(sixteen(r), 0xff10)),
  of("Arabic-Indic digits", (r) => scripted(sixteen(r), 0x660)),
  of("zero-width joined", (r) => [...sixteen(r)].join("\u200b")),
  of(
    "glued to letters",
    (r) => sixteen(r),
    (text) => `card${text}end`,
  ),
  of("JSON \\u escapes", (r) => unicodeEscaped(sixteen(r))),
  of("base64", (r) => Buffer.from(`card ${sixteen(r)} please`).toString("base64")),
  of("SSN dashed", (r) => ssnParts(r).join("-")),
  of("SSN spaced", (r) => ssnParts(r).join(" ")),
  of(
    "SSN plain, named",
    (r) => ssnParts(r).join(""),
    (text) => `my SSN is ${text}.`,
  ),
  of("SSN full-width", (r) => scripted(ssnParts(r).join("-"), 0xff10)),
  of("Devanagari digits", (r) => scripted(sixteen(r), 0x966)),
  of("mathematical digits", (r) => scripted(sixteen(r), 0x1d7ce)),
  of("soft hyphens", (r) => fours(sixteen(r)).join("\u00ad")),
  of("bidi marks", (r) => [...sixteen(r)].join("\u202e")),
  of("mixed separators", (r) =>
    fours(sixteen(r))
      .map((part, index) => part + ["- ", "\u00a0", ".", ""][index])
      .join(""),
  ),
  of("every digit spaced", (r) => [...sixteen(r)].join(" ")),
  of("odd groups", (r) => sixteen(r).replace(/^(.)(.{6})(.{4})/, "$1 $2-$3.")),
  of("half escaped", (r) => sixteen(r).replace(/^(.{6})(.)/, (_, head, char) => head + unicodeEscaped(char))),
  of("HTML references", (r) => sixteen(r).replace(/\d/g, (char) => `&#${char.charCodeAt(0)};`)),
  of("URL-encoded", (r) => sixteen(r).replace(/\d/g, (char) => `%${char.charCodeAt(0).toString(16)}`)),
  of("RRN full-width dashed", (r) => scripted(rrnParts(r).join("\u2212"), 0xff10)),
  of("RRN plain", (r) => rrnParts(r).join("")),
  of("CN id spaced", (r) => cnResidentId(r).replace(/^(.{6})(.{8})/, "$1 $2 ")),
  of(
    "CN id glued",
    (r) => cnResidentId(r),
    (text) => `身份证${text}`,
  ),
];

/** How many of {@link EVASIONS}, from the first, are the classes of the measured reference. */
export const REFERENCE_CLASSES = 21;

/** A random identifier such as systems give: order numbers, hashes, times. No one's number on purpose. */
export function randomId(random: Random): string {
  let text = "";
  while (text.length < 16) text += digit(random);
  return text;
}
