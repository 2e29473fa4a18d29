import { describe, expect, test } from "vitest";
import type { RawResource } from "../../../../policies/evaluate.ts";
import { net013 } from "../../../../policies/rules/net-013.ts";
import { net014 } from "../../../../policies/rules/net-014.ts";
import { net015 } from "../../../../policies/rules/net-015.ts";
import { judged, planned, problems } from "../../../support/judge.ts";

const rules = [net013, net014, net015];
const given = { rules, facts: { exposure: "public" } } as const;
const found = (id: string, resources: readonly RawResource[]) => problems(id, resources, given);
const outcome = (id: string, resources: readonly RawResource[]) => judged(id, resources, given).outcome;

const listener = (inputs: object) => planned("aws:lb/listener:Listener", { ...inputs });
const aliListener = (inputs: object) => planned("alicloud:alb/listener:Listener", { ...inputs });
const albConfig = (config: object) =>
  planned("kubernetes:alibabacloud.com/v1:AlbConfig", {
    spec: { config: { id: { __pulumiUnknown: true } }, listeners: [{ port: 443, ...config }] },
  });
const clb = (networkType = "INTERNAL") => planned("tencentcloud:index/clbInstance:ClbInstance", { networkType });
const clbConfig = (configContent: string) =>
  planned("tencentcloud:index/clbCustomizedConfig:ClbCustomizedConfig", { configContent });

describe("NET-013", () => {
  test("TLS 1.2 and 1.3 pass", () => {
    const aws = { protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" };
    const ali = { listenerProtocol: "HTTPS", securityPolicyId: "tls_cipher_policy_1_2_strict_with_1_3" };
    expect(outcome("NET-013", [listener(aws)])).toBe("passed");
    expect(outcome("NET-013", [aliListener(ali)])).toBe("passed");
    expect(outcome("NET-013", [albConfig({ protocol: "HTTPS", securityPolicyId: "tls_cipher_policy_1_2" })])).toBe(
      "passed",
    );
    expect(outcome("NET-013", [clb(), clbConfig("ssl_protocols TLSv1.2 TLSv1.3;")])).toBe("passed");
  });

  test.each([
    [listener({ protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-2016-08" }), "sslPolicy is ELBSecurityPolicy-2016-08"],
    [listener({ protocol: "TLS" }), "sslPolicy is missing"],
    [planned("aws:alb/listener:Listener", { protocol: "HTTPS" }), "sslPolicy is missing"],
    [aliListener({ listenerProtocol: "HTTPS" }), "securityPolicyId is missing"],
    [
      aliListener({ listenerProtocol: "QUIC", securityPolicyId: "tls_cipher_policy_1_1" }),
      "securityPolicyId is tls_cipher_policy_1_1",
    ],
    [albConfig({ protocol: "HTTPS" }), "securityPolicyId is missing"],
    [planned("alicloud:alb/securityPolicy:SecurityPolicy", { tlsVersions: ["TLSv1.1", "TLSv1.2"] }), "takes TLSv1.1"],
    [clbConfig("ssl_protocols TLSv1 TLSv1.2;"), "takes TLSv1"],
    [clbConfig("client_max_body_size 1m;"), "configContent has no ssl_protocols"],
    [clb(), "no ClbCustomizedConfig says which TLS versions it takes"],
  ])("what takes older ones does not: %#", (resource, problem) => {
    expect(found("NET-013", [resource])).toEqual([problem]);
  });

  test("a policy of the company's own is known after an update", () => {
    const own = aliListener({ listenerProtocol: "HTTPS", securityPolicyId: { __pulumiUnknown: true } });
    expect(outcome("NET-013", [own])).toBe("unknown");
  });
});

describe("NET-014", () => {
  const service = (annotations: object) => planned("kubernetes:core/v1:Service", { metadata: { annotations } });
  const specified = (protocol: string) =>
    service({ "service.cloud.tencent.com/specify-protocol": JSON.stringify({ 18789: { protocol: [protocol] } }) });

  test("HTTPS passes, and a redirect to it", () => {
    const action = { type: "redirect", redirect: { protocol: "HTTPS" } };
    expect(outcome("NET-014", [listener({ protocol: "HTTPS" })])).toBe("passed");
    expect(outcome("NET-014", [listener({ protocol: "HTTP", defaultActions: [action] })])).toBe("passed");
    const redirect = { listenerProtocol: "HTTP", defaultActions: [{ type: "Redirect" }] };
    expect(outcome("NET-014", [aliListener(redirect)])).toBe("passed");
    expect(outcome("NET-014", [albConfig({ protocol: "HTTPS" })])).toBe("passed");
    expect(outcome("NET-014", [clb(), specified("HTTPS")])).toBe("passed");
  });

  test.each([
    [
      listener({ protocol: "HTTP", defaultActions: [{ type: "forward" }] }),
      "an HTTP listener does forward, not a redirect to HTTPS",
    ],
    [
      listener({ protocol: "HTTP", defaultActions: [{ type: "redirect", redirect: { protocol: "HTTP" } }] }),
      "an HTTP listener does redirect, not a redirect to HTTPS",
    ],
    [
      aliListener({ listenerProtocol: "HTTP", defaultActions: [{ type: "ForwardGroup" }] }),
      "an HTTP listener does ForwardGroup, not a redirect to HTTPS",
    ],
    [
      planned("aws:alb/listener:Listener", { protocol: "HTTP", defaultActions: [{ type: "forward" }] }),
      "an HTTP listener does forward, not a redirect to HTTPS",
    ],
    [albConfig({ protocol: "HTTP" }), "a listener takes HTTP"],
    [planned("tencentcloud:index/clbListener:ClbListener", { protocol: "HTTP" }), "a listener takes HTTP"],
  ])("anything else in the clear does not: %#", (resource, problem) => {
    expect(found("NET-014", [resource])).toEqual([problem]);
  });

  test("a listener that Tencent's controller makes is judged by the Service", () => {
    expect(found("NET-014", [clb(), specified("HTTP")])).toEqual(["a listener takes HTTP"]);
  });
});

describe("NET-015", () => {
  const lb = planned("aws:lb/loadBalancer:LoadBalancer", { internal: false });
  const association = planned("aws:wafv2/webAclAssociation:WebAclAssociation", {});
  const managed = { statement: { managedRuleGroupStatement: { name: "AWSManagedRulesCommonRuleSet" } } };
  const rate = { statement: { rateBasedStatement: { limit: 6000 } } };
  const acl = (...all: readonly object[]) => planned("aws:wafv2/webAcl:WebAcl", { rules: all });
  const alb = (addressType: string, loadBalancerEdition: string) =>
    planned("alicloud:alb/loadBalancer:LoadBalancer", { addressType, loadBalancerEdition });
  const domain = (inputs: object) => planned("tencentcloud:index/wafClbDomain:WafClbDomain", { ...inputs });

  test("a public entry behind a firewall that refuses passes, and a private one without", () => {
    expect(outcome("NET-015", [lb, association, acl(managed, rate)])).toBe("passed");
    expect(outcome("NET-015", [planned("aws:lb/loadBalancer:LoadBalancer", { internal: true })])).toBe("passed");
    expect(outcome("NET-015", [alb("Internet", "StandardWithWaf")])).toBe("passed");
    expect(outcome("NET-015", [alb("Internet", "Standard"), planned("alicloud:wafv3/domain:Domain", {})])).toBe(
      "passed",
    );
    expect(outcome("NET-015", [alb("Intranet", "Standard")])).toBe("passed");
    expect(outcome("NET-015", [clb("OPEN"), domain({ engine: 21 })])).toBe("passed");
    expect(outcome("NET-015", [clb()])).toBe("passed");
  });

  test.each([
    ["1 public load balancer(s), 0 of them behind a WAF", [lb, acl(managed, rate)]],
    ["1 public load balancer(s), 0 of them behind a WAF", [planned("aws:alb/loadBalancer:LoadBalancer", {})]],
    ["the WAF has no managed rules", [lb, association, acl(rate)]],
    ["the WAF has no limit by rate", [lb, association, acl(managed)]],
    ["public, loadBalancerEdition is Standard, and no WAF domain is planned", [alb("Internet", "Standard")]],
    ["1 public load balancer(s), 0 of them behind a WAF", [clb("OPEN")]],
    ["the WAF watches and refuses nothing", [clb("OPEN"), domain({ engine: 11 })]],
    ["the WAF watches and refuses nothing", [clb("OPEN"), domain({ engine: 21, status: 0 })]],
  ])("%s", (problem, resources) => {
    expect(found("NET-015", resources)).toEqual([problem]);
  });

  test("nothing is asked of an environment that is not public", () => {
    expect(judged("NET-015", [lb], { rules, facts: { exposure: "internal" } }).outcome).toBe("does not apply");
  });
});
