import fc from "fast-check";
import { expect, test } from "vitest";
import { PrincipalReader, PrincipalSigner } from "../../../../runtime/identity/principal-token.ts";

const SECRET = "s".repeat(43);
const at = (ms: number) => () => ms;
const keyId = fc.stringMatching(/^[a-z0-9]{8}$/);
const tenant = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);

test("a token proves its key to its tenant, and to no other tenant", () => {
  fc.assert(
    fc.property(keyId, tenant, tenant, (key, own, other) => {
      const token = new PrincipalSigner(SECRET, at(0)).token(own, key);
      const reader = new PrincipalReader(SECRET, at(1000));
      expect(reader.keyId(own, token)).toBe(key);
      expect(reader.keyId(other, token)).toBe(other === own ? key : undefined);
    }),
  );
});

test("any changed character makes it prove nothing or the same key", () => {
  const token = new PrincipalSigner(SECRET, at(0)).token("marketing", "abcd1234");
  const reader = new PrincipalReader(SECRET, at(0));
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom(..."azAZ09._-"), (index, character) => {
      const changed = token.slice(0, index) + character + token.slice(index + 1);
      // The last character of base64url carries unused bits: another text may be the same bytes.
      expect([undefined, "abcd1234"]).toContain(reader.keyId("marketing", changed));
      if (index < token.length - 1 && changed !== token) expect(reader.keyId("marketing", changed)).toBeUndefined();
    }),
  );
});

test("a token of a turn that is long over proves nothing", () => {
  const token = new PrincipalSigner(SECRET, at(0)).token("marketing", "abcd1234");
  expect(new PrincipalReader(SECRET, at(599_000)).keyId("marketing", token)).toBe("abcd1234");
  expect(new PrincipalReader(SECRET, at(601_000)).keyId("marketing", token)).toBeUndefined();
});

test("another secret, nothing and rubbish prove nothing", () => {
  const token = new PrincipalSigner("t".repeat(43), at(0)).token("marketing", "abcd1234");
  const reader = new PrincipalReader(SECRET, at(0));
  for (const sent of [token, undefined, "", "abcd1234", "abcd1234.zz."]) {
    expect(reader.keyId("marketing", sent)).toBeUndefined();
  }
});

test("turns within a minute share a token, so that signing costs nothing a request", () => {
  let nowMs = 0;
  const signer = new PrincipalSigner(SECRET, () => nowMs);
  const first = signer.token("marketing", "abcd1234");
  nowMs = 59_000;
  expect(signer.token("marketing", "abcd1234")).toBe(first);
  nowMs = 61_000;
  expect(signer.token("marketing", "abcd1234")).not.toBe(first);
});
