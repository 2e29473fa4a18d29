import { expect, test } from "vitest";
import type { RawResource } from "../../../../policies/evaluate.ts";
import { mon001 } from "../../../../policies/rules/mon-001.ts";
import { mon002 } from "../../../../policies/rules/mon-002.ts";
import { judged, planned, problems } from "../../../support/judge.ts";

const EXPRESSIONS = {
  errors: 'sum(rate(requests{outcome="error"}[5m])) > 0.05',
  slow: "histogram_quantile(0.99, sum by (le) (rate(seconds_bucket[5m]))) > 10",
  money: "sum(breakwater:llm_cost_usd:month_to_date) > 800",
  always: "vector(1)",
};
const rules = (expressions: Readonly<Record<string, string>>, rest: object[] = []) =>
  planned("kubernetes:monitoring.coreos.com/v1:PrometheusRule", {
    spec: { groups: [{ rules: [...Object.entries(expressions).map(([alert, expr]) => ({ alert, expr })), ...rest] }] },
  });
const scraping = (...jobs: string[]) =>
  planned("kubernetes:helm.sh/v3:Release", {
    values: { prometheus: { prometheusSpec: { additionalScrapeConfigs: jobs.map((job_name) => ({ job_name })) } } },
  });
const scrapes = scraping("front-door", "router");
const without = (key: keyof typeof EXPRESSIONS) =>
  rules(Object.fromEntries(Object.entries(EXPRESSIONS).filter(([name]) => name !== key)));

test("MON-001: the four alerts and a scrape of both services pass, by chart or by monitors", () => {
  const monitor = planned("kubernetes:monitoring.coreos.com/v1:ServiceMonitor", {});
  for (const given of [
    [rules(EXPRESSIONS), scrapes],
    [rules(EXPRESSIONS), monitor],
  ]) {
    expect(judged("MON-001", given, { rules: [mon001] }).outcome).toBe("passed");
  }
});

test("MON-001: an environment without monitoring is refused, but for local", () => {
  expect(problems("MON-001", [], { rules: [mon001] })).toHaveLength(6);
  expect(judged("MON-001", [], { rules: [mon001], facts: { topology: "local" } }).outcome).toBe("does not apply");
});

test.each<[string, RawResource[]]>([
  ["no alert on the share of requests that fail", [without("errors"), scrapes]],
  ["no alert on the slowest requests (p99)", [without("slow"), scrapes]],
  ["no alert on money spent", [without("money"), scrapes]],
  ["no alert on that alerting works (an alert that always fires)", [without("always"), scrapes]],
  ["nothing scrapes router", [rules(EXPRESSIONS), scraping("front-door")]],
])("MON-001: %s", (problem, given) => {
  expect(problems("MON-001", given, { rules: [mon001] })).toEqual([problem]);
});

test("MON-001: a recorded series is no alert", () => {
  const recorded = rules({ ...EXPRESSIONS, money: "1" }, [{ record: "r", expr: EXPRESSIONS.money }]);
  expect(problems("MON-001", [recorded, scrapes], { rules: [mon001] })).toEqual(["no alert on money spent"]);
});

const eks = planned("aws:eks/cluster:Cluster", {});
const detector = (enable = true) => planned("aws:guardduty/detector:Detector", { enable });
const feature = (name: string, status = "ENABLED") =>
  planned("aws:guardduty/detectorFeature:DetectorFeature", { name, status });
const audit = feature("EKS_AUDIT_LOGS");
const runtime = feature("RUNTIME_MONITORING");
const ack = planned("alicloud:cs/managedKubernetes:ManagedKubernetes", {});
const tke = planned("tencentcloud:index/kubernetesCluster:KubernetesCluster", {});

test("MON-002: each cloud's own threat detection passes", () => {
  const alibaba = [ack, planned("alicloud:threatdetection/instance:Instance", {})];
  const tencent = [tke, planned("tencentcloud:index/cwpLicenseOrder:CwpLicenseOrder", {})];
  for (const given of [[eks, detector(), audit, runtime], alibaba, tencent]) {
    expect(judged("MON-002", given, { rules: [mon002] }).outcome).toBe("passed");
  }
});

test.each<[string, RawResource[]]>([
  ["no GuardDuty detector is enabled", [eks, audit, runtime]],
  ["no GuardDuty detector is enabled", [eks, detector(false), audit, runtime]],
  ["GuardDuty does not look at EKS_AUDIT_LOGS", [eks, detector(), runtime]],
  [
    "GuardDuty does not look at RUNTIME_MONITORING",
    [eks, detector(), audit, feature("RUNTIME_MONITORING", "DISABLED")],
  ],
  ["no Security Center instance is planned", [ack]],
  ["no license of host security is planned", [tke]],
])("MON-002: %s", (problem, given) => {
  expect(problems("MON-002", given, { rules: [mon002] })).toEqual([problem]);
});
