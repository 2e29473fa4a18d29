import { ALNUM, KIND } from "./characters.ts";
import { SECRET, type Subject } from "./matches.ts";

/** What keys and tokens begin with, and what follows. Sources read 2026-11-23, by line below. */
const SECRETS = [
  // AWS: unique identifier prefixes (IAM user guide).
  "(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AIPA|ANPA|ANVA|AROA|APKA|ASCA)[A-Z0-9]{16}(?![A-Za-z0-9])",
  // GitHub: token formats (docs.github.com, "Behind GitHub's new authentication token formats").
  "gh[pousr]_[A-Za-z0-9]{36,255}",
  "github_pat_[A-Za-z0-9_]{22,255}",
  // OpenAI (sk-, sk-proj-), Anthropic (sk-ant-), DeepSeek, DashScope and most others.
  "sk-[A-Za-z0-9_-]{20,}",
  "[sr]k_(?:live|test)_[A-Za-z0-9]{16,}",
  "glpat-[A-Za-z0-9_-]{20,}",
  "npm_[A-Za-z0-9]{36}",
  "hf_[A-Za-z0-9]{30,}",
  "nvapi-[A-Za-z0-9_-]{40,}",
  // Slack: bot, user, app and refresh tokens.
  "xox[abeoprs]-[A-Za-z0-9-]{10,}",
  "xapp-[A-Za-z0-9-]{10,}",
  // Google: API keys, OAuth client secrets.
  "AIza[A-Za-z0-9_-]{35}",
  "GOCSPX-[A-Za-z0-9_-]{28}",
  // Breakwater's own API keys.
  "bw_[a-z0-9]{8}_[A-Za-z0-9_-]{43}",
];

/** The same prefixes, to tell which cut text may become one. */
const PREFIXES = [
  ..."AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AIPA|ANPA|ANVA|AROA|APKA|ASCA|ghp_|gho_|ghu_|ghs_|ghr_|github_pat_".split("|"),
  ..."sk-|sk_live_|sk_test_|rk_live_|rk_test_|glpat-|npm_|hf_|nvapi-|AIza|GOCSPX-|bw_|eyJ|xapp-".split("|"),
  ..."xoxa-|xoxb-|xoxe-|xoxo-|xoxp-|xoxr-|xoxs-".split("|"),
];
const LONGEST_PREFIX = 11;
const CUT_PREFIXES = new Set(PREFIXES.flatMap((prefix) => [...prefix].map((_, index) => prefix.slice(0, index + 1))));
const WHOLE_PREFIXES = new RegExp(`^(?:${PREFIXES.join("|")})`);
const FIRST = new Set(PREFIXES.map((prefix) => prefix.charCodeAt(0)));

const KNOWN = new RegExp(SECRETS.join("|"), "y");
/** The first two characters of the prefixes. */
const FIRST_TWO = new Uint8Array(65_536);
for (const prefix of PREFIXES) FIRST_TWO[(prefix.charCodeAt(0) << 8) | prefix.charCodeAt(1)] = 1;

const BEARER = /bearer\s{1,3}$/i;
const AWS_SECRET = /aws.{0,24}(?:secret|key)[^A-Za-z0-9]{1,8}$/is;
const AWS_SECRET_LENGTH = 40;
const SHORTEST_BEARER = 16;
const REACH = 48;

/** Reports keys and tokens that begin from `start` to `last`, in a token from `start` to `end`; only a JWT goes on after it. */
export function findSecrets({ text, units, found }: Subject, start: number, last: number, end: number): void {
  for (let at = start; at <= last; at += 1) {
    if (FIRST_TWO[((units[at] as number) << 8) | (units[at + 1] as number)] === 0) continue;
    if (at > start && isAlnum(units[at - 1] as number)) continue;
    KNOWN.lastIndex = at;
    const stop = KNOWN.test(text) ? KNOWN.lastIndex : jwtEnd(text, at, end);
    if (stop === -1) continue;
    found.push({ detector: SECRET, start: at, end: stop });
    // What a key holds is part of it; looking into it again and again would take quadratic time.
    at = stop - 1;
  }
}

const JWT_HEADER = "eyJ";
const JWT_PART = 11;
const JWT_REST = /\.eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/y;

/**
 * Where a JSON web token (RFC 7519) that begins at `at` ends; -1: it is none. Its header and its claims are JSON objects, so
 * both begin with {" in base64url. The header ends where the token characters end.
 */
function jwtEnd(text: string, at: number, end: number): number {
  if (end - at < JWT_PART || text.charCodeAt(end) !== DOT || !text.startsWith(JWT_HEADER, at)) return -1;
  JWT_REST.lastIndex = end;
  return JWT_REST.test(text) ? JWT_REST.lastIndex : -1;
}

/** Reports the token characters from `start` to `end` when what stands before them says that they are a key. */
export function findNamedSecret({ text, found }: Subject, start: number, end: number): void {
  if (!isNamed(text, start, end)) return;
  found.push({ detector: SECRET, start, end: text.charCodeAt(end) === DOT ? dottedEnd(text, end) : end });
}

const DOT = 0x2e;

/** Whether what stands before says that it is a key: `Bearer`, or an AWS secret access key's name. */
function isNamed(text: string, start: number, end: number): boolean {
  if (end - start < SHORTEST_BEARER || !mayBeNamed(text, start)) return false;
  const before = text.slice(Math.max(0, start - REACH), start);
  if (BEARER.test(before)) return true;
  return end - start === AWS_SECRET_LENGTH && AWS_SECRET.test(before);
}

/** So many characters may stand between a word such as `Bearer` and the key after it. */
const GAP = 8;

/** A glance before {@link isNamedSoFar}: the word before ends as `Bearer`, `secret` or `key` do. */
export function mayBeNamed(text: string, start: number): boolean {
  let before = start - 1;
  while (before >= 0 && start - before <= GAP && !isAlnum(text.charCodeAt(before))) before -= 1;
  if (before < 2 || before === start - 1) return false;
  const last = text.charCodeAt(before) | 0x20;
  if (last !== 0x72 && last !== 0x74 && last !== 0x79) return false;
  const ending = text.slice(before - 2, before + 1).toLowerCase();
  return ending === "rer" || ending === "ret" || ending === "key";
}

function isAlnum(code: number): boolean {
  return ((KIND[code] as number) & ALNUM) !== 0;
}

/** Whether the token characters before the cut may go on to be a key for what stands before them. */
export function isNamedSoFar(text: string, start: number): boolean {
  if (!mayBeNamed(text, start)) return false;
  const before = text.slice(Math.max(0, start - REACH), start);
  return BEARER.test(before) || AWS_SECRET.test(before);
}

const DOTTED = /[A-Za-z0-9_.-]/;

function dottedEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && DOTTED.test(text.charAt(end))) end += 1;
  return end;
}

/** Whether the text from `start` on, which its end cuts, may become a key. `dotted`: a dot stands in it. */
export function mayBecomeSecret(text: string, start: number, dotted: boolean): boolean {
  if (!FIRST.has(text.charCodeAt(start))) return false;
  const head = text.slice(start, start + LONGEST_PREFIX);
  if (dotted) return head.startsWith("eyJ");
  return CUT_PREFIXES.has(head) || WHOLE_PREFIXES.test(head);
}

const PEM = /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g;
/** No private key is longer; what is longer is cut here. */
const PEM_WITH_END = /[A-Za-z0-9+/=\s:,\\-]{0,16384}?-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/y;
const PEM_BODY = /[A-Za-z0-9+/=\s:,\\-]{0,16384}/y;
const PEM_CUT = /-----BEGIN [A-Z0-9 ]{0,47}-{0,5}$|-{1,5}(?:B(?:E(?:G(?:I(?:N ?)?)?)?)?)?$/;

/** Finds private keys in PEM (RFC 7468), also such as have no end line. @returns from where on the text may not leave yet. */
export function scanPem({ text, final, found }: Subject): number {
  let held = text.length;
  if (text.includes("PRIVATE KEY")) {
    PEM.lastIndex = 0;
    for (let begin = PEM.exec(text); begin !== null; begin = PEM.exec(text)) {
      const end = pemEnd(text, PEM.lastIndex);
      if (end === undefined && !final) return begin.index;
      found.push({ detector: SECRET, start: begin.index, end: end ?? text.length });
      PEM.lastIndex = end ?? text.length;
    }
  }
  if (final) return held;
  const tail = text.slice(-64);
  const cut = PEM_CUT.exec(tail);
  if (cut !== null) held = text.length - tail.length + cut.index;
  return held;
}

/** Where a private key ends: after its end line, or where something stands that is no part of one; undefined: not yet. */
function pemEnd(text: string, from: number): number | undefined {
  PEM_WITH_END.lastIndex = from;
  if (PEM_WITH_END.test(text)) return PEM_WITH_END.lastIndex;
  PEM_BODY.lastIndex = from;
  PEM_BODY.test(text);
  return PEM_BODY.lastIndex < text.length ? PEM_BODY.lastIndex : undefined;
}
