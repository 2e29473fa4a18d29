import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createApiKey, Keyring, parseApiKey, Roles } from "../../../../runtime/identity/index.ts";
import { ProblemError } from "../../../../runtime/problems/index.ts";

const now = new Date("2026-11-23T12:00:00Z");
const make = (expires: Date | null = null) => createApiKey({ tenant: "marketing", role: "user", now, expires });

describe("an API key", () => {
  test("has the documented form, and its record does not hold the key", () => {
    const { key, record } = make();
    expect(key).toMatch(/^bw_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/);
    expect(parseApiKey(key)).toEqual({ id: record.id });
    expect(JSON.stringify(record)).not.toContain(key.slice(12));
  });

  test("text that is no key is not parsed", () => {
    fc.assert(fc.property(fc.string(), (text) => parseApiKey(text) === undefined));
  });

  test("a key in another case, cut short or made longer is no key of the same id", () => {
    const { key } = make();
    for (const text of [key.toUpperCase(), key.slice(0, -1), `${key}A`, ` ${key}`]) {
      expect(parseApiKey(text)).toBeUndefined();
    }
  });
});

describe("the keyring", () => {
  const { key, record } = make(new Date("2026-12-01T00:00:00Z"));
  const roles = new Roles([{ name: "user", permissions: ["agent:chat"] }]);
  const keyring = new Keyring([{ ...record, limits: { requests_per_minute: 5 } }], { roles });

  test("accepts a key before it expires and says who it is and what it may do", () => {
    const principal = { keyId: record.id, tenant: "marketing", role: "user", limits: { requests_per_minute: 5 } };
    for (const authorization of [`Bearer ${key}`, `bearer  ${key}`]) {
      const found = keyring.authenticate(authorization, now).principal;
      expect(found).toMatchObject(principal);
      expect([found?.permissions.allows("agent:chat"), found?.permissions.allows("agent:view")]).toEqual([true, false]);
    }
  });

  test("gives a role that the settings do not know no permission", () => {
    const principal = new Keyring([record]).authenticate(`Bearer ${key}`, now).principal;
    expect(principal?.permissions.allows("agent:chat")).toBe(false);
  });

  test("names a revoked key only to whoever holds it, and refuses it before it would have expired", () => {
    const revoked = new Keyring([record], { revocations: new Map([[record.id, Number.NEGATIVE_INFINITY]]) });
    const forged = `bw_${record.id}_${make().key.slice(12)}`;
    const failures = [key, forged].map((text) => revoked.authenticate(`Bearer ${text}`, now).failure);
    expect(failures).toEqual(["identity/revoked-key", "identity/unknown-key"]);
  });

  test("that is not available accepts nothing and says so", () => {
    expect(Keyring.unavailable.authenticate(`Bearer ${key}`, now).failure).toBe("identity/unavailable");
    expect(Keyring.unavailable.authenticate(undefined, now).failure).toBe("identity/unavailable");
  });

  test("whatever a header holds, only the key itself is accepted", () => {
    const alphabet = fc.constantFrom(..."abcABC019_- bw");
    const changed = fc
      .tuple(fc.nat(key.length - 1), alphabet)
      .map(([at, char]) => key.slice(0, at) + char + key.slice(at + 1));
    const header = fc.oneof(
      fc.string(),
      fc.string().map((text) => `Bearer ${text}`),
      changed.map((text) => `Bearer ${text}`),
    );
    fc.assert(
      fc.property(header, (authorization) => {
        const accepted = keyring.authenticate(authorization, now).principal !== undefined;
        expect(accepted).toBe(authorization === `Bearer ${key}`);
      }),
      { numRuns: 20_000 },
    );
  });

  test("names each way in which a key can be wrong", () => {
    const failures = [undefined, "", "Bearer", "Basic abc", "Bearer abc", `Bearer ${make().key}`].map(
      (authorization) => keyring.authenticate(authorization, now).failure,
    );
    expect(failures).toEqual([
      "identity/missing-key",
      "identity/missing-key",
      "identity/missing-key",
      "identity/malformed-key",
      "identity/malformed-key",
      "identity/unknown-key",
    ]);
  });

  test("refuses a key from the instant on at which it expires", () => {
    const at = (time: string) => keyring.authenticate(`Bearer ${key}`, new Date(time)).failure;
    expect(at("2026-11-30T23:59:59.999Z")).toBeUndefined();
    expect(at("2026-12-01T00:00:00.000Z")).toBe("identity/expired-key");
  });

  test("refuses a key whose id is right and whose secret is not, and does not say that it would have expired", () => {
    const forged = `bw_${record.id}_${make().key.slice(12)}`;
    expect(keyring.authenticate(`Bearer ${forged}`, new Date("2027-01-01T00:00:00Z")).failure).toBe(
      "identity/unknown-key",
    );
  });

  test("a keys file with problems is refused with all of them and without a hash", () => {
    const text = JSON.stringify([
      { ...record, role: 5 },
      { ...record, extra: 1 },
    ]);
    const parse = () => Keyring.parse(text, "keys.json");
    expect(parse).toThrow(ProblemError);
    expect(parse).toThrow(/keys\.json\[0\]\.role.*\n.*keys\.json\[1\]/);
    expect(parse).not.toThrow(record.sha256);
    expect(() => Keyring.parse("{", "keys.json")).toThrow("identity/malformed-keys-file");
    expect(() => Keyring.parse(JSON.stringify([record, record]), "keys.json")).toThrow("twice");
  });
});
