const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Whether nine digits can be a US social security number: area not 000, 666 or 900 and up, group not 00, serial not 0000
 * (US Social Security Administration, "SSN randomization", since 2011-06-25). There is no check digit.
 */
export function isUsSsn(digits: Uint8Array): boolean {
  const area = number(digits, 0, 3);
  return area !== 0 && area !== 666 && area < 900 && number(digits, 3, 5) !== 0 && number(digits, 5, 9) !== 0;
}

const RRN_WEIGHTS = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
/** From then on the last six digits are random (Ministry of the Interior and Safety of Korea, announced 2019-12-17). */
const RRN_RANDOM_SINCE = 20_201_005;

/**
 * Whether thirteen digits are a Korean resident registration number: YYMMDD, then 1 to 4 (Koreans) or 5 to 8 (foreigners),
 * odd and even by sex, the pair by century of birth.
 *
 * Numbers given since October 2020 have no check digit, also those given to persons born before (a change, a
 * registration of a foreigner). `written`: the digits stand in the usual form, six and seven; then the date is enough.
 * In any other form, only a person born since then goes without the check digit.
 */
export function isKrRrn(digits: Uint8Array, written: boolean): boolean {
  const kind = digits[6] as number;
  if (kind < 1 || kind > 8) return false;
  const born = (kind === 1 || kind === 2 || kind === 5 || kind === 6 ? 1900 : 2000) + number(digits, 0, 2);
  const month = number(digits, 2, 4);
  const day = number(digits, 4, 6);
  if (!isDate(born, month, day)) return false;
  return written || born * 10_000 + month * 100 + day >= RRN_RANDOM_SINCE || hasRrnCheckDigit(digits, kind > 4);
}

function hasRrnCheckDigit(digits: Uint8Array, foreigner: boolean): boolean {
  let sum = 0;
  for (let index = 0; index < 12; index += 1) sum += (digits[index] as number) * (RRN_WEIGHTS[index] as number);
  return ((foreigner ? 13 : 11) - (sum % 11)) % 10 === digits[12];
}

/** Provinces, GB/T 2260; 83 is the residence permit of people of Taiwan, 91 foreigners with a permanent residence. */
const PROVINCES = new Set([
  11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
  64, 65, 71, 81, 82, 83, 91,
]);

/**
 * Whether seventeen digits and a check character (0 to 10, 10 for X) are a Chinese resident identity number (GB 11643-1999):
 * province, date of birth, and ISO 7064 MOD 11-2.
 */
export function isCnResidentId(digits: Uint8Array, check: number): boolean {
  const year = number(digits, 6, 10);
  if (year < 1900 || year > 2099 || !PROVINCES.has(number(digits, 0, 2))) return false;
  if (!isDate(year, number(digits, 10, 12), number(digits, 12, 14))) return false;
  let rest = 0;
  for (let index = 0; index < 17; index += 1) rest = ((rest + (digits[index] as number)) * 2) % 11;
  return (rest + check) % 11 === 1;
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > (DAYS[month - 1] as number)) return false;
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

function number(digits: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let index = from; index < to; index += 1) value = value * 10 + (digits[index] as number);
  return value;
}
