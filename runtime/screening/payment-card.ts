/** Prefixes of one issuer and the lengths of its numbers. */
interface Issuer {
  readonly from: number;
  readonly to: number;
  /** How many digits of the number `from` and `to` are. */
  readonly digits: number;
  readonly lengths: readonly number[];
}

const SIXTEEN_TO_NINETEEN = [16, 17, 18, 19];

/**
 * Issuer ranges by ISO/IEC 7812 prefix (Wikipedia "Payment card number", table of issuing networks, read 2026-11-23).
 * Networks whose ranges would take in a large share of random numbers (RuPay 60, 81, 82) are left out.
 */
const ISSUERS: readonly Issuer[] = [
  { from: 4, to: 4, digits: 1, lengths: [13, 16, 18, 19] }, // Visa
  { from: 34, to: 34, digits: 2, lengths: [15] }, // American Express
  { from: 37, to: 37, digits: 2, lengths: [15] },
  { from: 51, to: 55, digits: 2, lengths: [16] }, // Mastercard
  { from: 2221, to: 2720, digits: 4, lengths: [16] },
  { from: 62, to: 62, digits: 2, lengths: SIXTEEN_TO_NINETEEN }, // UnionPay
  { from: 6011, to: 6011, digits: 4, lengths: SIXTEEN_TO_NINETEEN }, // Discover
  { from: 644, to: 649, digits: 3, lengths: SIXTEEN_TO_NINETEEN },
  { from: 65, to: 65, digits: 2, lengths: SIXTEEN_TO_NINETEEN },
  { from: 3528, to: 3589, digits: 4, lengths: SIXTEEN_TO_NINETEEN }, // JCB
  { from: 36, to: 36, digits: 2, lengths: [14, ...SIXTEEN_TO_NINETEEN] }, // Diners Club
  { from: 38, to: 39, digits: 2, lengths: [14, ...SIXTEEN_TO_NINETEEN] },
  { from: 300, to: 305, digits: 3, lengths: [14, ...SIXTEEN_TO_NINETEEN] },
  { from: 3095, to: 3095, digits: 4, lengths: [14, ...SIXTEEN_TO_NINETEEN] },
  { from: 5018, to: 5018, digits: 4, lengths: SIXTEEN_TO_NINETEEN }, // Maestro
  { from: 5020, to: 5020, digits: 4, lengths: SIXTEEN_TO_NINETEEN },
  { from: 5038, to: 5038, digits: 4, lengths: SIXTEEN_TO_NINETEEN },
  { from: 5893, to: 5893, digits: 4, lengths: SIXTEEN_TO_NINETEEN },
  { from: 6304, to: 6304, digits: 4, lengths: SIXTEEN_TO_NINETEEN },
  { from: 6759, to: 6763, digits: 4, lengths: SIXTEEN_TO_NINETEEN },
  { from: 2200, to: 2204, digits: 4, lengths: SIXTEEN_TO_NINETEEN }, // Mir
];

/** For each first four digits: where in {@link LENGTHS} it says which lengths begin so. Bytes, so that all of it stays in a near cache. */
const PLACES = new Uint8Array(10_000);
/** Sets of lengths: bit n for n digits. */
const LENGTHS: number[] = [0];
for (const { from, to, digits, lengths } of ISSUERS) {
  const scale = 10 ** (4 - digits);
  const bits = lengths.reduce((all, length) => all | (1 << length), 0);
  if (!LENGTHS.includes(bits)) LENGTHS.push(bits);
  PLACES.fill(LENGTHS.indexOf(bits), from * scale, (to + 1) * scale);
}

/** Which lengths a card's number with these first four digits can have: bit n for n digits. Luhn's check digit comes besides (ISO/IEC 7812-1). */
export function cardLengths(prefix: number): number {
  return LENGTHS[PLACES[prefix] as number] as number;
}

/** Doubled digit with its cross sum. */
const DOUBLED = new Uint8Array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9]);

/** Adds up the digits (characters from 0x30 on) of `units` from `end` back to `start` as Luhn does; `odd`: the last one is doubled. */
export function luhnSum(units: Uint16Array, start: number, end: number, odd: boolean): number {
  const doubled = DOUBLED;
  let sum = 0;
  let index = end - 1;
  if (odd) {
    sum = doubled[(units[index] as number) - ZERO] as number;
    index -= 1;
  }
  for (; index > start; index -= 2) {
    sum += (units[index] as number) - ZERO + (doubled[(units[index - 1] as number) - ZERO] as number);
  }
  return index === start ? sum + (units[index] as number) - ZERO : sum;
}

const ZERO = 0x30;

/** Luhn's sum of four digits, the last not doubled: a number in groups of four adds up four of them. */
const QUADS = Uint8Array.from({ length: 10_000 }, (_, four) => {
  const digits = Uint16Array.from(String(four).padStart(4, "0"), (digit) => digit.charCodeAt(0));
  return luhnSum(digits, 0, 4, false);
});

/** Luhn's sum of four digits as a number; the last digit is not doubled. */
export function luhnOfFour(four: number): number {
  return QUADS[four] as number;
}
