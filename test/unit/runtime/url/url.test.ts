import { describe, expect, test } from "vitest";
import { publicProviderAt } from "../../../../runtime/router/providers/catalogue.ts";
import { hasCredentials, readUrl } from "../../../../runtime/url/index.ts";

/** After so many calls V8 has optimised what it calls, and Node 20's URL.canParse answers otherwise than before. */
const CALLS = 20_000;

function everyTime<T>(ask: () => T): readonly T[] {
  return [...new Set(Array.from({ length: CALLS }, ask))];
}

describe("however often it is asked", () => {
  test("a host with a letter outside ASCII is an address", () => {
    expect(everyTime(() => readUrl("https://münchen.example")?.host)).toEqual(["xn--mnchen-3ya.example"]);
  });

  test("a password is seen in an address with such a letter", () => {
    expect(everyTime(() => hasCredentials("https://ü:geheim@münchen.example"))).toEqual([true]);
  });

  test("a public provider is recognised that is spelled with such a letter", () => {
    expect(everyTime(() => publicProviderAt("https://ªpi.openai.com/v1")?.host)).toEqual(["api.openai.com"]);
  });
});

test.each(["", "münchen", "https://", "https://a b"])("'%s' is no address and carries no password", (text) => {
  expect([readUrl(text), hasCredentials(text)]).toEqual([undefined, false]);
});
