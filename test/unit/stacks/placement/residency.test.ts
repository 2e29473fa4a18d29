import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DATA_CLASSES } from "../../../../runtime/settings/services.ts";
import { problemsOf } from "../../../../stacks/placement/index.ts";
import { type Change, placeWith, refusalsOf } from "../../../support/places.ts";
import { localSections } from "../../../support/plan.ts";

const token = "${TOKEN}";
const ECHO = { openai: { kind: "echo", jurisdiction: "cn" }, anthropic: { kind: "echo", jurisdiction: "cn" } };

/** The tenants of the shipped environment, all of them with these keys; the echo model is wherever they must stay. */
function tenants(keys: object): Record<string, object> {
  const { tenants: shipped } = localSections()["multi_tenant"] as { tenants: object[] };
  return { multi_tenant: { tenants: shipped.map((tenant) => ({ ...tenant, ...keys })) } };
}

const splunk = (url: string, more: object = {}) => ({
  audit: { exports: [{ kind: "splunk", name: "siem", url, token, ...more }] },
});
const elastic = (url: string, more: object = {}) => ({
  audit: { exports: [{ kind: "elasticsearch", name: "siem", url, index: "a", ...more }] },
});
const syslog = (host: string, more: object = {}) => ({
  audit: { exports: [{ kind: "syslog", name: "siem", host, port: 6514, transport: "tls", ...more }] },
});

const at = (region: string, more: object = {}) => ({ topology: "aws", region, ...more });
const CHINA = { deployment: at("cn-1"), model_providers: ECHO };
/** A cluster of the company's own. */
const ownCluster = (deployment: object, more: Readonly<Record<string, object>> = {}): Change => ({
  sections: { deployment: { topology: "local", region: "here", ...deployment }, model_providers: ECHO, ...more },
  place: { offer: undefined, region: undefined },
});

describe("where a receiver of audit records is, in China:", () => {
  test.each([
    ["a Splunk abroad", splunk("https://splunk.example.org:8088", { jurisdiction: "us" })],
    ["one that says nothing", splunk("https://splunk.example.org:8088")],
    ["one in the company's network that says nothing", syslog("10.1.2.3")],
    ["one in the company's network abroad", syslog("siem.company.com", { jurisdiction: "hk" })],
    ["a log service of another region by its name", elastic("https://p.ap-southeast-1.log.aliyuncs.com")],
    ["Hong Kong", elastic("https://p.cn-hongkong.log.aliyuncs.com", {})],
  ])("%s is refused", (_what, sections) => {
    expect(refusalsOf({ sections: { ...CHINA, ...sections } })).toEqual(["placement/receiver audit.exports[0]"]);
  });

  test.each([
    ["the mainland", splunk("https://splunk.example.cn:8088", { jurisdiction: "cn" })],
    ["a region of the mainland by its name", elastic("https://p.cn-hangzhou.log.aliyuncs.com")],
    ["the cluster itself", elastic("http://search.logs.svc.cluster.local:9200")],
    ["a file", { audit: { exports: [{ kind: "file", name: "file" }] } }],
  ])("%s is taken", (_what, sections) => {
    expect(refusalsOf({ sections: { ...CHINA, ...sections } })).toEqual([]);
  });

  test("the refusal names place, law and what may be chosen", () => {
    const sections = { ...CHINA, ...splunk("https://Splunk.Example.org.:8088", { jurisdiction: "us" }) };
    expect(problemsOf(placeWith({ sections }))).toEqual([
      {
        code: "placement/receiver",
        path: "audit.exports[0]",
        got: 'splunk.example.org, outside the company network, jurisdiction "us"',
        expected:
          'a receiver in mainland China, jurisdiction "cn" (CAC provisions on cross-border data flows of 2024-03-22, Art. 5, 7 and 8)',
        remedy: 'choose a receiver in "cn", or kind file, which stays on the audit volume',
        source: "CAC provisions on cross-border data flows of 2024-03-22, Art. 5, 7 and 8",
      },
    ]);
  });
});

describe("elsewhere the tenants' data decides:", () => {
  const outside = "https://splunk.example.org:8088";
  const inside = "https://splunk.company.com:8088";
  const echo = (jurisdiction: string) => ({
    model_providers: { openai: { kind: "echo", jurisdiction }, anthropic: { kind: "echo", jurisdiction } },
  });

  test.each([
    ["restricted", {}, outside, { jurisdiction: "us" }, false],
    ["restricted", {}, inside, {}, true],
    ["confidential", {}, outside, { jurisdiction: "us" }, false],
    ["confidential", { jurisdictions: ["us"] }, outside, { jurisdiction: "us" }, true],
    ["confidential", { jurisdictions: ["us"] }, outside, {}, false],
    ["internal", {}, outside, {}, true],
    ["internal", { jurisdictions: ["us"] }, outside, {}, false],
    ["internal", { jurisdictions: ["us"] }, inside, { jurisdiction: "kr" }, false],
    ["internal", { jurisdictions: ["us"] }, "https://p.us-east-1.es.amazonaws.com", {}, true],
    ["internal", { jurisdictions: ["us"] }, "https://p.eu-west-1.es.amazonaws.com", {}, false],
  ] as const)("%s data with %j to %s %j", (data_class, keys, url, more, taken) => {
    const sections = {
      deployment: at("east-1", { data_class: "restricted" }),
      ...echo("us"),
      ...tenants({ data_class, ...keys }),
      ...splunk(url, more),
    };
    const each = ["placement/receiver audit.exports[0]"];
    expect([...new Set(refusalsOf({ sections }))]).toEqual(taken ? [] : each);
  });

  test("a name that says its region cannot be said to be elsewhere", () => {
    const sections = elastic("https://p.eu-west-1.es.amazonaws.com", { jurisdiction: "us" });
    expect(refusalsOf({ sections })).toEqual(["placement/receiver audit.exports[0].jurisdiction"]);
    expect(refusalsOf({ sections: elastic("https://p.eu-west-1.es.amazonaws.com", { jurisdiction: "eu" }) })).toEqual(
      [],
    );
  });
});

test("no spelling of a receiver abroad passes in China, whatever is written of it", () => {
  const regions = fc.constantFrom("ap-southeast-1", "us-east-1", "cn-hongkong", "eu-central-1");
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
  const spelled = fc.constantFrom<(host: string) => string>(
    (host) => host,
    (host) => host.toUpperCase(),
    (host) => `${host}.`,
    (host) => `${host}.:9200`,
    (host) => host.replace(".", "%2e"),
  );
  const written = fc.constantFrom({}, { jurisdiction: "cn" }, { jurisdiction: "us" });
  fc.assert(
    fc.property(regions, label, spelled, written, fc.boolean(), (region, name, spell, more, likeHome) => {
      const host = `${likeHome ? "cn-hangzhou" : name}.${region}.log.aliyuncs.com`;
      const found = refusalsOf({ sections: { ...CHINA, ...elastic(`https://${spell(host)}`, more) } });
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(/^placement\/receiver audit\.exports\[0\]/);
    }),
    { numRuns: 40 },
  );
});

test("restricted data is shipped to no receiver outside, however it is called and whatever the class of the others", () => {
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
  const host = fc.oneof(
    label.map((word) => `${word}company.com`),
    label.map((word) => `company.com.${word}.org`),
    label.map((word) => `${word}.svc.example`),
    label.map((word) => `${word}-cluster.local.example`),
    fc.constantFrom("198.51.100.7", "8.8.8.8", "134744072", "0x08080808", "internal.example"),
  );
  const others = fc.constantFrom(...DATA_CLASSES);
  fc.assert(
    fc.property(host, others, (name, data_class) => {
      const { multi_tenant } = tenants({ data_class });
      const { tenants: all } = multi_tenant as { tenants: object[] };
      const mixed = all.map((tenant, index) => (index === 1 ? { ...tenant, data_class: "restricted" } : tenant));
      const sections = {
        deployment: at("east-1", { data_class: "restricted" }),
        multi_tenant: { tenants: mixed },
        ...syslog(name, { jurisdiction: "us" }),
      };
      expect(refusalsOf({ sections })).toContain("placement/receiver audit.exports[0]");
    }),
    { numRuns: 40 },
  );
});

describe("the law of the place", () => {
  test("is declared where no region says it, and then holds as a region's does", () => {
    const abroad = { model_providers: { ...ECHO, other: { kind: "openai", api_key: token } } };
    expect(refusalsOf(ownCluster({ jurisdiction: "cn" }, abroad))).toEqual([
      "placement/leaves-china model_providers.other",
    ]);
    expect(refusalsOf(ownCluster({ jurisdiction: "cn" }, { audit: { retention_days: 30 } }))).toEqual([
      "placement/audit-retention audit.retention_days",
    ]);
    expect(refusalsOf(ownCluster({ jurisdiction: "kr" }, abroad))).toEqual([]);
  });

  test("cannot be declared against the region", () => {
    expect(refusalsOf({ sections: { deployment: at("east-1", { jurisdiction: "us" }) } })).toEqual([]);
    expect(refusalsOf({ sections: { ...CHINA, deployment: at("cn-1", { jurisdiction: "sg" }) } })).toEqual([
      "placement/jurisdiction deployment.jurisdiction",
    ]);
  });

  test("is China's for a state-owned customer, and said", () => {
    const owned = { state_owned: true };
    expect(refusalsOf({ sections: { ...CHINA, deployment: at("cn-1", owned) } })).toEqual([]);
    expect(refusalsOf(ownCluster({ ...owned, jurisdiction: "cn" }))).toEqual([]);
    for (const change of [
      { sections: { deployment: at("east-1", owned), model_providers: ECHO } },
      ownCluster(owned),
      ownCluster({ ...owned, jurisdiction: "hk" }),
    ]) {
      expect(refusalsOf(change)).toEqual(["placement/state-owned deployment.state_owned"]);
    }
  });
});

test("the nearest address in the mainland is named for one that only looks like it", () => {
  const base_url = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1";
  const model_providers = { ...ECHO, other: { kind: "qwen", api_key: token, base_url } };
  const [problem] = problemsOf(placeWith({ sections: { ...CHINA, model_providers } }));
  expect(problem?.remedy).toContain("nearest dashscope.aliyuncs.com,");
});

test("a local zone, which can be in another country, is no zone of its region", () => {
  const zones = (names: readonly string[]) => ({ sections: { network: { host: "agents.company.com", zones: names } } });
  expect(refusalsOf(zones(["east-1a", "east-1-tpe-1a", "east-1-b"]))).toEqual(["placement/zone network.zones[1]"]);
});

test("a name below what a whole country registers under is not the company's", () => {
  const named = (host: string, receiver: string) =>
    refusalsOf({
      sections: {
        deployment: { architecture: "B", topology: "alibaba", private_region: true, region: "east-1" },
        network: { host },
        ...syslog(receiver),
      },
    });
  expect(named("company.co.kr", "siem.other.co.kr")).toEqual(["placement/leaves-company audit.exports[0].host"]);
  expect(named("agents.company.co.kr", "siem.company.co.kr")).toEqual([]);
});
