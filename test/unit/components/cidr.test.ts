import fc from "fast-check";
import { expect, test } from "vitest";
import { contains, formatCidr, overlap, parseCidr, sizeOf, subnet } from "../../../components/cidr.ts";

const range = fc
  .tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }))
  .map(([address, bits]) => parseCidr(`${address}/${bits}`));
const lastOf = (of: { first: number; bits: number }) => of.first + 2 ** (32 - of.bits) - 1;

test("a range is written as it is read, without its host bits", () => {
  expect(formatCidr(parseCidr("10.64.7.9/16"))).toBe("10.64.0.0/16");
  expect(formatCidr(parseCidr("255.255.255.255/32"))).toBe("255.255.255.255/32");
  expect(formatCidr(parseCidr("1.2.3.4/0"))).toBe("0.0.0.0/0");
  fc.assert(
    fc.property(range, (any) => {
      expect(parseCidr(formatCidr(any))).toEqual(any);
    }),
  );
});

test("two ranges overlap if and only if one of them contains the other", () => {
  fc.assert(
    fc.property(range, range, (a, b) => {
      expect(overlap(a, b)).toBe(contains(a, b) || contains(b, a));
      expect(overlap(a, b)).toBe(overlap(b, a));
    }),
    { examples: [[parseCidr("10.0.0.0/16"), parseCidr("10.0.255.255/32")]] },
  );
});

test("ranges that touch share nothing", () => {
  expect(overlap(parseCidr("10.0.0.0/24"), parseCidr("10.0.1.0/24"))).toBe(false);
  expect(overlap(parseCidr("10.0.0.0/23"), parseCidr("10.0.1.0/24"))).toBe(true);
});

test("the parts of a range fill it, in order and without a gap", () => {
  fc.assert(
    fc.property(range, fc.integer({ min: 0, max: 6 }), (whole, more) => {
      fc.pre(whole.bits + more <= 32);
      const parts = Array.from({ length: 2 ** more }, (_, index) => subnet(whole, whole.bits + more, index));
      expect(parts[0]?.first).toBe(whole.first);
      expect(parts.reduce((sum, part) => sum + sizeOf(part), 0)).toBe(sizeOf(whole));
      for (const [index, part] of parts.entries()) {
        expect(contains(whole, part)).toBe(true);
        const next = parts[index + 1];
        if (next !== undefined) expect(next.first).toBe(lastOf(part) + 1);
      }
    }),
  );
});
