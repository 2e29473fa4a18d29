import { describe, expect, it } from "vitest";
import { Screen } from "../../../../runtime/screening/index.ts";
import { DETECTORS, type DetectorName } from "../../../../runtime/settings/services.ts";

function screenOf(...detectors: readonly DetectorName[]): Screen {
  return Screen.compile({ rules: detectors.map((detector) => ({ name: detector, action: "redact", detector })) });
}

/** What detectors find in a text, each as `[name]` in its place. */
function found(text: string, ...detectors: readonly DetectorName[]): string {
  return screenOf(...(detectors.length === 0 ? DETECTORS : detectors))
    .text(text)
    .text.replaceAll("redacted:", "");
}

describe("us-ssn", () => {
  // US Social Security Administration, SSN randomization (since 2011-06-25): never area 000, 666, 900-999, group 00, serial 0000.
  it.each(["123-45-6789", "078-05-1120", "001-01-0001", "899-99-9999", "123 45 6789", "123.45.6789", "x123-45-6789y"])(
    "takes %s",
    (text) => expect(found(text, "us-ssn")).toContain("[us-ssn]"),
  );
  it.each(["000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000", "12-345-6789", "1234-56-789"])(
    "leaves %s",
    (text) => expect(found(text, "us-ssn")).toBe(text),
  );
  it("takes nine plain digits only after a word that names them", () => {
    expect(found("order 123456789", "us-ssn")).toBe("order 123456789");
    expect(found("my SSN: 123456789", "us-ssn")).toBe("my SSN: [us-ssn]");
    expect(found("Social Security number is 123456789.", "us-ssn")).toBe("Social Security number is [us-ssn].");
  });
});

describe("payment-card", () => {
  // Test numbers of the networks: PayPal "Test credit card account numbers", Stripe "Testing" (read 2026-11-23).
  it.each([
    ["Visa", "4111111111111111"],
    ["Visa, 13", "4222222222222"],
    ["Mastercard", "5555555555554444"],
    ["Mastercard, series 2", "2223003122003222"],
    ["American Express", "378282246310005"],
    ["American Express in groups", "3782 822463 10005"],
    ["Discover", "6011111111111117"],
    ["Diners Club", "30569309025904"],
    ["Diners Club in groups", "3056 930902 5904"],
    ["JCB", "3530111333300000"],
    ["UnionPay", "6200000000000005"],
    ["UnionPay, 19", "6205500000000000004"],
    ["UnionPay, 6 and 13", "620550 0000000000004"],
    ["in fours", "4111-1111-1111-1111"],
    ["after another number", "5 4111 1111 1111 1111"],
  ])("takes %s", (_, text) => expect(found(text, "payment-card")).toContain("[payment-card]"));
  it.each([
    ["a wrong check digit", "4111111111111112"],
    ["no issuer's prefix", "9111111111111118"],
    ["a length that its issuer does not have", "411111111111116"],
    ["too long", "41111111111111111111"],
    ["a time in milliseconds", "1763942563123"],
  ])("leaves a number with %s", (_, text) => expect(found(text, "payment-card")).toBe(text));
  it("does not put a table of numbers together into cards", () => {
    const table = Array.from({ length: 60 }, (_, row) => `${row % 7} ${row % 5} ${row % 3}`).join(" ");
    expect(found(table, "payment-card")).toBe(table);
  });
});

describe("kr-rrn", () => {
  // Check digit: weights 2-9, 2-5, (11 - sum mod 11) mod 10; foreigners 13 instead of 11 (python-stdnum kr.rrn, Presidio KrRrnRecognizer).
  it.each(["900101-1234568", "960121-1019989", "9001011234568", "900101 1234568"])("takes %s", (text) =>
    expect(found(text, "kr-rrn")).toContain("[kr-rrn]"),
  );
  it.each([
    ["month 13", "901301-1234567"],
    ["day 32", "900132-1234567"],
    ["29 February of a common year", "010229-3234567"],
    ["a seventh digit 9", "900101-9234567"],
    ["a seventh digit 0", "900101-0234567"],
    ["a wrong check digit in plain digits of someone born before October 2020", "9001011234567"],
  ])("leaves a number with %s", (_, text) => expect(found(text, "kr-rrn")).toBe(text));
  it("asks for no check digit where there is none: given since October 2020", () => {
    expect(found("211015-3123456", "kr-rrn")).toBe("[kr-rrn]");
    expect(found("2110153123456", "kr-rrn")).toBe("[kr-rrn]");
    // In the usual form it may have been given later than its holder was born.
    expect(found("900101-1234567", "kr-rrn")).toBe("[kr-rrn]");
  });
  it.each([5, 6, 7, 8])("takes foreigners, seventh digit %i", (kind) => {
    expect(found(`900101-${kind}234567`, "kr-rrn")).toBe("[kr-rrn]");
  });
});

describe("cn-resident-id", () => {
  // GB 11643-1999; the example of its check character (ISO 7064 MOD 11-2) is 11010519491231002X.
  it.each([
    "11010519491231002X",
    "11010519491231002x",
    "440524188001010014",
    "110105 19491231 002X",
    "身份证11010519491231002X",
  ])("takes %s or refuses its century", (text) => {
    const expected = text.startsWith("4405241880") ? text : "[cn-resident-id]";
    expect(found(text, "cn-resident-id")).toContain(expected);
  });
  it.each(["110105194912310021", "110105194913310020", "990105194912310021"])("leaves %s", (text) =>
    expect(found(text, "cn-resident-id")).toBe(text),
  );
});

describe("iban", () => {
  // Examples of the SWIFT IBAN Registry.
  it.each([
    "DE89370400440532013000",
    "DE89 3704 0044 0532 0130 00",
    "GB29 NWBK 6016 1331 9268 19",
    "FR14 2004 1010 0505 0001 3M02 606",
    "MT84MALT011000012345MTLCAST001S",
    "NO93 8601 1117 947",
    "gb29nwbk60161331926819",
  ])("takes %s", (text) => expect(found(`to ${text}.`, "iban")).toBe("to [iban]."));
  it.each(["DE88370400440532013000", "DE8937040044053201300", "ZZ89370400440532013000", "DE893704004405320130001"])(
    "leaves %s",
    (text) => expect(found(text, "iban")).toBe(text),
  );
});

describe("phone", () => {
  it.each([
    "+1 (212) 555-0123",
    "+82 10-1234-5678",
    "+8613812345678",
    "010-1234-5678",
    "01012345678",
    "02-123-4567",
    "(02) 1234-5678",
    "13812345678",
    "138-1234-5678",
    "(212) 555-0123",
    "1-212-555-0123",
  ])("takes %s", (text) => expect(found(`call ${text} now`, "phone")).toBe("call [phone] now"));
  it.each(["2125550123", "112-555-0123", "a13812345678", "12345678901", "2026-11-23", "192.168.100.200"])(
    "leaves %s",
    (text) => expect(found(text, "phone")).toBe(text),
  );
});

describe("secret", () => {
  const body = "Ab1".repeat(20);
  it.each([
    ["an AWS key id", "AKIAIOSFODNN7EXAMPLE"],
    ["a GitHub token", `ghp_${body.slice(0, 36)}`],
    ["a GitHub fine-grained token", `github_pat_${body.slice(0, 40)}`],
    ["an OpenAI key", `sk-proj-${body}`],
    ["an Anthropic key", `sk-ant-api03-${body}`],
    ["a Slack token", "xoxb-123456789012-abcdefABCDEF"],
    ["a Google key", `AIza${body.slice(0, 35)}`],
    ["Breakwater's own key", `bw_a1b2c3d4_${body.slice(0, 43)}`],
    [
      "a JSON web token",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    ],
  ])("takes %s", (_, text) => expect(found(`use ${text} here`, "secret")).toBe("use [secret] here"));
  it("takes what stands after Bearer, and an AWS secret key after its name", () => {
    expect(found("Authorization: Bearer abcdef0123456789abcdef", "secret")).toBe("Authorization: Bearer [secret]");
    const key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    expect(found(`aws_secret_access_key = ${key}\n`, "secret")).toBe("aws_secret_access_key = [secret]\n");
  });
  it("takes a private key with and without its end line", () => {
    const pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc=\n-----END RSA PRIVATE KEY-----";
    expect(found(`key:\n${pem}\nend`, "secret")).toBe("key:\n[secret]\nend");
    expect(found("-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA", "secret")).toBe("[secret]");
  });
  it.each([
    "sk-short",
    "internationalization",
    "https://example.com/path/to/some/page",
    "getElementsByTagNameNS",
    "d41d8cd98f00b204e9800998ecf8427e",
    "The bearer of this letter",
  ])("leaves %s", (text) => expect(found(text, "secret")).toBe(text));
});

describe("all detectors together", () => {
  it("let ordinary text through", () => {
    const text =
      "On 2026-11-23 at 12:34:56 version 10.20.30 of 192.168.0.1 cost $1,234.56; call ext. 42. 합계는 1,200원입니다. 总计 3.5 万。";
    expect(screenOf(...DETECTORS).text(text)).toEqual({ action: "pass", text, hits: [] });
  });
  it("returns the same string when nothing matched", () => {
    const text = "nothing to see";
    expect(screenOf(...DETECTORS).text(text).text).toBe(text);
  });
});
