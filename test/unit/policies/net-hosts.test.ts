import fc from "fast-check";
import { expect, test } from "vitest";
import { isInside, namesOutside, outsideHosts } from "../../../policies/net-hosts.ts";

/** The forms of an address as one reads them, from their first letter on. */
const WITH_SCHEME = /[a-z][a-z0-9+.-]*:\/\/(?:[^\s/@"']*@)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?![a-z0-9.-]*[${%])/gi;
const WITH_PORT = /(?<![\w/@.-])((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}):\d{2,5}(?!\w)/gi;

const parts = fc.constantFrom(
  ...["a", "b.c", "evil.com", "10.0.0.1", "x.svc", "registry.io", "image", "s3", "Z"],
  ...[":", "/", "//", "://", "@", ".", "-", "_", "+", "$", "{", "%", " ", '"', "\n"],
  ...["8", "443", "123456", ":80", ":8443", "https://", "oci://", "user:secret@"],
);
const text = fc.array(parts, { maxLength: 10 }).map((all) => all.join(""));
const props = fc.dictionary(
  fc.constantFrom("image", "repository", "value", "breakwater.dev/secrets"),
  fc.oneof(text, fc.array(text, { maxLength: 3 }), fc.record({ image: text, other: text })),
);

test("every host outside that the plain forms of an address find is found", () => {
  fc.assert(
    fc.property(text, (given) => {
      const plain = [WITH_SCHEME, WITH_PORT].flatMap((form) =>
        Array.from(given.matchAll(form), ([, host = ""]) => host),
      );
      const found = [...outsideHosts({ value: given })];
      expect(plain.filter((host) => !isInside(host) && !found.includes(host))).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test("the texts that may name a host outside leave out none that does", () => {
  fc.assert(
    fc.property(props, (given) => {
      const texts = Object.values(given).flatMap((value) =>
        typeof value === "string" ? [value] : Object.values(value),
      );
      const among = new Set(texts.filter(namesOutside));
      expect([...outsideHosts(given, { among })]).toEqual([...outsideHosts(given)]);
    }),
    { numRuns: 2000 },
  );
});
