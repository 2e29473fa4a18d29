import fc from "fast-check";
import { expect, test } from "vitest";
import { alibabaOffer } from "../../../../components/alibaba/offer.ts";
import { awsOffer } from "../../../../components/aws/offer.ts";
import { tencentOffer } from "../../../../components/tencent/offer.ts";
import { PUBLIC_PROVIDERS, publicProviderAt } from "../../../../runtime/router/providers/catalogue.ts";
import { exactHost } from "../../../../runtime/router/providers/exact-host.ts";
import { isSamePlace, regionalJurisdiction } from "../../../../runtime/router/providers/regional-hosts.ts";
import { readUrl } from "../../../../runtime/url/index.ts";

const hosts = PUBLIC_PROVIDERS.map(({ host }) => host);
const aHost = fc.constantFrom(...hosts);

/** Letters that a browser and a resolver take for another: full width, percent, ideographic full stop. */
const disguises: readonly ((host: string) => string)[] = [
  (host) => host.toUpperCase(),
  (host) => `${host}.`,
  (host) => `${host}:443`,
  (host) => `${host}.:8443`,
  (host) => `user:pass@${host}`,
  (host) => `${hosts[0]}@${host}`,
  (host) => host.replace(".", "。"),
  (host) => host.replace(".", "%2E"),
  (host) => host.replace(/[a-z]/, (letter) => String.fromCodePoint(0xff41 + letter.charCodeAt(0) - 97)),
];

test("however the name of a public service is spelled, it is that service", () => {
  const spelled = fc.tuple(
    aHost,
    fc.array(fc.constantFrom(...disguises.slice(0, 3), ...disguises.slice(6)), { maxLength: 2 }),
  );
  fc.assert(
    fc.property(spelled, ([host, ways]) => {
      // A port twice is no address.
      const once = [...new Set(ways)].sort((a, b) => disguises.indexOf(b) - disguises.indexOf(a));
      const address = `https://${once.reduce((text, disguise) => disguise(text), host)}/v1`;
      if (readUrl(address) === undefined) return;
      expect([address, publicProviderAt(address)?.host]).toEqual([address, host]);
    }),
  );
  for (const host of hosts) {
    for (const disguise of disguises) expect(publicProviderAt(`https://${disguise(host)}/v1`)?.host).toBe(host);
  }
});

test("a name that only looks like a public service is none", () => {
  const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const lookAlike = fc
    .tuple(aHost, label)
    .chain(([host, word]) =>
      fc.constantFrom(
        `${word}.${host}`,
        `${host}.${word}.com`,
        `${word}-${host}`,
        `${word}${host}`,
        host.replace(".", "-"),
        host.replace("a", "а"),
        `${host}@${word}.example`,
        `${word}.example/${host}`,
        `${word}.example?${host}`,
        `${word}.example#@${host}`,
        host.replace(/(?<=^[a-z]+)\./, `-${word}.`),
      ),
    );
  fc.assert(
    fc.property(lookAlike, (name) => {
      const host = exactHost(`https://${name}`) ?? "";
      if (hosts.includes(host)) return;
      expect(publicProviderAt(`https://${name}`)).toBeUndefined();
    }),
    { examples: [["dashscope-intl2.aliyuncs.com"], ["dashscope.aliyuncs.com.evil.example"]] },
  );
  expect(publicProviderAt("https://dashscope.aliyuncs.com/v1")?.jurisdiction).toBe("cn");
  expect(publicProviderAt("https://dashscope-intl.aliyuncs.com/v1")?.jurisdiction).toBe("sg");
  expect(publicProviderAt("https://dashscope.aliyuncs.com@dashscope-intl.aliyuncs.com/v1")?.jurisdiction).toBe("sg");
});

test.each([
  ["HTTPS://Api.OpenAI.com.:443/v1", "api.openai.com"],
  ["oci://Registry.Company.com:5000/charts", "registry.company.com"],
  ["Siem.Company.com.", "siem.company.com"],
  ["siem.company.com:6514", "siem.company.com"],
  ["https://[2001:DB8::1]:8088", "2001:db8::1"],
  ["https://0x8080808", "8.8.8.8"],
  ["2130706433", "127.0.0.1"],
  ["https://münchen.example", "xn--mnchen-3ya.example"],
  ["https://", undefined],
  ["a b", undefined],
])("%s is asked at %s", (address, host) => {
  expect(exactHost(address)).toBe(host);
});

test.each([
  ["search-x.us-east-1.es.amazonaws.com", "us"],
  ["vpc-x.cn-north-1.es.amazonaws.com.cn", "cn"],
  ["us-east-1.s3.cn-north-1.amazonaws.com.cn", "cn"],
  ["s3-us-west-2.amazonaws.com", "us"],
  ["project.cn-hangzhou.log.aliyuncs.com", "cn"],
  ["project.ap-southeast-1.log.aliyuncs.com", "sg"],
  ["bucket.oss-cn-hongkong-internal.aliyuncs.com", "hk"],
  ["bucket-1.cos.ap-hongkong.myqcloud.com", "hk"],
  ["ap-guangzhou.cls.tencentcs.com", "cn"],
  ["cn-hangzhou.log.aliyuncs.com.evil.example", undefined],
  ["us-east-1.example.com", undefined],
  ["cn-hangzhou-aliyuncs.com", undefined],
  ["sts.amazonaws.com", undefined],
])("the name %s says %s", (host, jurisdiction) => {
  expect(regionalJurisdiction(host)).toBe(jurisdiction);
});

test("names of clouds and the regions that can be deployed to agree about the law", () => {
  const named = [
    [awsOffer, (region: string) => `x.${region}.amazonaws.com`],
    [alibabaOffer, (region: string) => `x.${region}.log.aliyuncs.com`],
    [tencentOffer, (region: string) => `x.cos.${region}.myqcloud.com`],
  ] as const;
  for (const [offer, nameOf] of named) {
    for (const [region, { jurisdiction }] of Object.entries(offer.regions)) {
      expect([region, regionalJurisdiction(nameOf(region))]).toEqual([region, jurisdiction]);
    }
  }
});

test('"eu" is the same place as its members and as nobody else', () => {
  expect(isSamePlace("eu", "de")).toBe(true);
  expect(isSamePlace("eu", "gb")).toBe(false);
  expect(isSamePlace("cn", "hk")).toBe(false);
  expect(isSamePlace("kr", "kr")).toBe(true);
});
