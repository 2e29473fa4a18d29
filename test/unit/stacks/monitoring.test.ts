import { parseSettings, type Settings } from "@breakwater/runtime/settings";
import { describe, expect, test } from "vitest";
import { environmentNames } from "../../../cli/environment.ts";
import { demandOf } from "../../../stacks/demand.ts";
import { monitoringOf, monitoringProblems } from "../../../stacks/monitoring.ts";
import { localSections, sectionsOf } from "../../support/plan.ts";

type Section = Record<string, unknown>;

const SMTP = { host: "mail.company.com", port: 465, from: "breakwater@company.com" };

interface Elsewhere {
  readonly audit?: Section;
  readonly topology?: string;
}

/** The shipped environment on a cloud, with these settings of monitoring and of the audit log. */
function settingsWith(monitoring: Section, { audit = {}, topology = "aws" }: Elsewhere = {}): Settings {
  const sections = localSections();
  const deployment = { ...(sections["deployment"] as Section), topology, region: "ap-northeast-2" };
  return parseSettings({ ...sections, deployment, audit, monitoring }).settings;
}

function monitored(monitoring: Section, place?: Elsewhere): ReturnType<typeof monitoringOf> {
  const settings = settingsWith(monitoring, place);
  return monitoringOf(settings, demandOf("acme-aws", settings));
}

/** The shipped alerts with changes, and a mail server. */
function alerting(rules: readonly Section[], more: Section = {}): Section {
  return { alerting: { rules }, smtp: SMTP, ...more };
}

const RULE = { name: "a", condition: "error_rate > 5%", severity: "warning", notify: ["ops@company.com"] };

function codesOf(settings: Settings): readonly (readonly [string, string])[] {
  return monitoringProblems(settings).map(({ code, path }) => [code, path] as const);
}

const shipped = localSections()["monitoring"] as Section;

describe("an environment's monitoring", () => {
  test("has the alerts of its settings, unchanged", () => {
    const made = monitored({ ...shipped, smtp: SMTP });
    expect(made?.alerts.map(({ name, condition, for: holds }) => [name, condition, holds])).toEqual([
      ["high_error_rate", "error_rate > 5%", "5m"],
      ["high_latency", "p99_response_time > 10s", "10m"],
      ["budget_threshold", "monthly_llm_cost > $800", undefined],
    ]);
    expect(made?.smtp).toEqual(SMTP);
  });

  test("tells of its own alerts everyone whom a rule names, or the one list that says who", () => {
    expect(monitored({ ...shipped, smtp: SMTP })?.notify).toEqual(["finance@company.com", "ops-team@company.com"]);
    const chosen = { alerting: { rules: [RULE], notify: ["platform@company.com"] }, smtp: SMTP };
    expect(monitored(chosen)?.notify).toEqual(["platform@company.com"]);
  });

  test("keeps a month at least, whatever is left out", () => {
    expect(monitored({})).toMatchObject({ retentionDays: 45, storageGiB: 32 });
    expect(monitored({ retention_days: 90, storage_gib: 100 })).toMatchObject({ retentionDays: 90, storageGiB: 100 });
    expect(() => monitored({ retention_days: 32 })).toThrow("settings/out-of-range");
  });

  test("names the mail server's password by its file", () => {
    const smtp = { ...SMTP, username: "breakwater", password: ["$", "{SMTP_PASSWORD}"].join("") };
    expect(monitored({ smtp })?.smtp).toEqual({ ...SMTP, username: "breakwater", passwordFile: "SMTP_PASSWORD" });
    expect(() => monitored({ smtp: { ...smtp, password: "hunter2" } })).toThrow("settings/plain-secret");
  });

  test("takes its charts from the mirror that it names, or else from their publishers", () => {
    const charts = "oci://mirror.company.com/charts";
    expect([monitored({ charts })?.charts, monitored({})?.charts]).toEqual([charts, undefined]);
  });

  test("refuses a mirror of its own beside that of an existing cluster", () => {
    const sections = sectionsOf("acme-dgx");
    const monitoring = { ...(sections["monitoring"] as Section), charts: "oci://mirror.company.com/charts" };
    expect(codesOf(parseSettings({ ...sections, monitoring }).settings)).toEqual([
      ["monitoring/two-mirrors", "monitoring.charts"],
    ]);
  });

  test("is none on topology local, which needs no mail server", () => {
    expect(monitored(shipped, { topology: "local" })).toBeUndefined();
  });
});

test.each(environmentNames())("the conditions of %s are understood", (name) => {
  const { settings } = parseSettings(sectionsOf(name));
  const codes = codesOf(settings).map(([code]) => code);
  expect(codes).toEqual([]);
});

describe("what is refused at plan", () => {
  test("addresses without a mail server", () => {
    expect(codesOf(settingsWith(shipped))).toEqual([["monitoring/no-mail-server", "monitoring.smtp"]]);
    const own = { alerting: { rules: [], notify: ["ops@company.com"] } };
    expect(codesOf(settingsWith(own))).toEqual([["monitoring/no-mail-server", "monitoring.smtp"]]);
    expect(codesOf(settingsWith({ alerting: { rules: [{ ...RULE, notify: [] }] } }))).toEqual([]);
  });

  test("half a login", () => {
    const half = { smtp: { ...SMTP, username: "breakwater" } };
    expect(codesOf(settingsWith(half))).toEqual([["monitoring/half-a-login", "monitoring.smtp.password"]]);
  });

  test("every condition that makes no sense, all at once and on every topology", () => {
    const rules = [
      { ...RULE, name: "a", condition: "cpu_usage > 80%" },
      { ...RULE, name: "b" },
      { ...RULE, name: "c", condition: "monthly_llm_cost > 800" },
      { ...RULE, name: "d", condition: "p99_response_time > 400s" },
    ];
    const expected = [
      ["monitoring/unknown-metric", "monitoring.alerting.rules[0].condition"],
      ["monitoring/wrong-unit", "monitoring.alerting.rules[2].condition"],
      ["monitoring/unreachable-threshold", "monitoring.alerting.rules[3].condition"],
    ];
    expect(codesOf(settingsWith(alerting(rules)))).toEqual(expected);
    expect(codesOf(settingsWith(alerting(rules), { topology: "local" }))).toEqual(expected);
  });
});

describe("logs of the platform's pods", () => {
  const token = ["$", "{SPLUNK_TOKEN}"].join("");
  const splunk = { kind: "splunk", name: "siem", url: "https://splunk.company.com:8088", token };
  const elastic = { kind: "elasticsearch", name: "search", url: "https://search.company.com", index: "breakwater" };

  test("stay on the nodes unless a destination is named", () => {
    expect(monitored({}, { audit: { exports: [splunk] } })?.logs).toBeUndefined();
  });

  test("go to the destination of the audit log that is named, to an index of their own in Elasticsearch", () => {
    expect(monitored({ logs_to: "siem" }, { audit: { exports: [splunk] } })?.logs).toEqual({
      kind: "splunk",
      host: "splunk.company.com",
      port: 8088,
      isEncrypted: true,
      index: undefined,
      tokenFile: "SPLUNK_TOKEN",
      authorityFile: undefined,
    });
    expect(monitored({ logs_to: "search" }, { audit: { exports: [elastic] } })?.logs).toMatchObject({
      kind: "elasticsearch",
      port: 443,
      index: "breakwater-pods",
    });
  });

  test.each([
    ["one that is not there", [splunk], "other", "monitoring/unknown-export"],
    ["one when there is none", [], "siem", "monitoring/unknown-export"],
    ["a file", [{ kind: "file", name: "copy" }], "copy", "monitoring/unsupported-export"],
    ["Elasticsearch with an API key", [{ ...elastic, api_key: token }], "search", "monitoring/unsupported-export"],
  ])("%s is refused", (_what, exports, name, code) => {
    expect(codesOf(settingsWith({ logs_to: name }, { audit: { exports } }))).toEqual([[code, "monitoring.logs_to"]]);
  });
});
