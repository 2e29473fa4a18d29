import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type NameLimit, physicalName } from "../../../components/resource-names.ts";

const source = "a test";
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,60}[a-z0-9]$/);
const limit: fc.Arbitrary<NameLimit> = fc.record({
  maxLength: fc.integer({ min: 8, max: 128 }),
  separator: fc.constantFrom("-", "_", "/", "" as const),
  global: fc.boolean(),
  source: fc.constant(source),
});

describe("a physical name", () => {
  test("is the environment and the role where the cloud's limit leaves room for them", () => {
    expect(physicalName("acme-aws", "cluster", { maxLength: 63, source })).toBe("acme-aws-cluster");
    expect(physicalName("acme-aws", "router", { maxLength: 256, separator: "/", source })).toBe("acme-aws/router");
  });

  test("is never longer than the limit, never empty, and the same every time", () => {
    fc.assert(
      fc.property(word, word, limit, word, (environment, role, max, scope) => {
        const name = physicalName(environment, role, max, scope);
        expect(name.length).toBeLessThanOrEqual(max.maxLength);
        expect(name).not.toBe("");
        expect(physicalName(environment, role, max, scope)).toBe(name);
      }),
      { numRuns: 2000 },
    );
  });

  test("ends in a letter or a digit and holds nothing that the parts and the separator do not", () => {
    fc.assert(
      fc.property(word, word, limit, (environment, role, max) => {
        const name = physicalName(environment, role, max);
        expect(name).toMatch(/[a-z0-9]$/);
        expect(name.replaceAll(/[a-z0-9-]/g, "").replaceAll(max.separator || "-", "")).toBe("");
      }),
    );
  });

  test("of another environment or role is another one, however much of it is cut", () => {
    const pair = fc.tuple(word, word);
    fc.assert(
      fc.property(pair, pair, limit, ([environment, role], [otherEnvironment, otherRole], max) => {
        const separator = max.separator ?? "-";
        fc.pre([environment, role].join(separator) !== [otherEnvironment, otherRole].join(separator));
        expect(physicalName(environment, role, max)).not.toBe(physicalName(otherEnvironment, otherRole, max));
      }),
      { numRuns: 2000 },
    );
  });

  test("of ten thousand roles that differ only behind the cut is ten thousand names", () => {
    const start = "a".repeat(40);
    const names = Array.from({ length: 10_000 }, (_, index) =>
      physicalName(start, String(index), { maxLength: 24, source }),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test("that is shared by all customers of a cloud always has a hash, which the company's account changes", () => {
    const bucket: NameLimit = { maxLength: 63, global: true, source };
    expect(physicalName("acme", "audit", bucket, "111111111111")).toMatch(/^acme-audit-[0-9a-z]{6}$/);
    expect(physicalName("acme", "audit", bucket, "111111111111")).not.toBe(physicalName("acme", "audit", bucket, "2"));
  });

  test("does not change from one release to the next, because it would replace what has it", () => {
    expect(physicalName("acme-aws", "audit", { maxLength: 63, global: true, source })).toBe("acme-aws-audit-4h5gfu");
    expect(physicalName("acme-alibaba-b", "load-balancer", { maxLength: 20, source })).toBe("acme-alibaba-zjodue");
  });
});
