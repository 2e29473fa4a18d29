import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alertmanagerConfig } from "../../components/monitoring/alertmanager-config.ts";
import { ruleGroups } from "../../components/monitoring/rules/index.ts";
import { MEASURES } from "../../components/monitoring/rules/measures.ts";
import type { RuleGroup } from "../../components/monitoring/rules/rule.ts";
import { scrapeConfigs } from "../../components/monitoring/scrapes.ts";
import { ensureCommands } from "../../tools/packages.ts";
import { silent } from "../../tools/progress.ts";
import { bare, full } from "../unit/components/monitoring/fixture.ts";

// Prometheus' own tool evaluates the rules; what a cluster's operator makes of the objects is not shown here.

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "breakwater-alerts-"));

beforeAll(() => ensureCommands({ promtool: "prometheus", amtool: "prometheus-alertmanager" }, silent), 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  // JSON is YAML.
  writeFileSync(path, JSON.stringify(content));
  return path;
}

/** What promtool says; an error with it where it does not agree. */
async function promtool(...args: readonly string[]): Promise<string> {
  const { stdout } = await run("promtool", [...args], { maxBuffer: 64 * 1024 * 1024 }).catch(
    (error: { stdout: string; stderr: string }) => {
      throw new Error(`${error.stdout}${error.stderr}`);
    },
  );
  return stdout;
}

interface Series {
  readonly series: string;
  /** Prometheus' notation: first value, step, how often. */
  readonly values: string;
}

interface Expected {
  readonly at: string;
  /** Alerts that fire then, of those that are asked about. */
  readonly firing: readonly string[];
}

let count = 0;

/**
 * Has Prometheus play the series and compares the alerts that fire.
 *
 * @param every between two samples and two evaluations.
 */
async function play(
  { series, every, about }: { readonly series: readonly Series[]; readonly every: string; readonly about: string },
  expected: readonly Expected[],
  groups: readonly RuleGroup[] = ruleGroups(full),
): Promise<void> {
  count += 1;
  const paced = groups.map((group) => ({ ...group, interval: every }));
  const firing = `count by (alertname) (ALERTS{alertstate="firing",alertname="${about}"})`;
  await promtool(
    "test",
    "rules",
    file(`test-${count}.yaml`, {
      rule_files: [file(`rules-${count}.yaml`, { groups: paced })],
      evaluation_interval: every,
      // Without it the order is left to chance, and what is recorded is gone before the next evaluation so far apart.
      group_eval_order: paced.map(({ name }) => name),
      tests: [
        {
          interval: every,
          input_series: series,
          promql_expr_test: expected.map(({ at, firing: names }) => ({
            expr: firing,
            eval_time: at,
            exp_samples: names.map((alertname) => ({ labels: `{alertname="${alertname}"}`, value: 1 })),
          })),
        },
      ],
    }),
  );
}

const COUNT = "openclaw_agent_response_time_seconds_count";
const BUCKET = "openclaw_agent_response_time_seconds_bucket";
const COST = "openclaw_llm_api_cost_usd";

/** Chat requests of one tenant, so many in each half minute, for an hour. */
function turns(outcome: "ok" | "error", each: number, service = "front-door"): Series {
  return { series: `${COUNT}{service="${service}",tenant="a",outcome="${outcome}"}`, values: `0+${each}x120` };
}

test.each([
  ["everything", full],
  ["the least", bare],
] as const)("Prometheus accepts the rules of an environment with %s", async (name, args) => {
  const groups = ruleGroups(args);
  const rules = groups.flatMap((group) => group.rules).length;
  const said = await promtool("check", "rules", file(`check-${name.replace(" ", "-")}.yaml`, { groups }));
  expect(said).toContain(`SUCCESS: ${rules} rules found`);
});

test("Prometheus accepts what it is told to scrape", async () => {
  // Debian's Prometheus is built without Kubernetes: how pods are found is not shown here, everything else is.
  const scrape_configs = scrapeConfigs({ gpu: true, vault: true, certificates: full.certificates }).map((config) => {
    const { kubernetes_sd_configs: _, ...rest } = config as Record<string, unknown>;
    return rest;
  });
  const said = await promtool("check", "config", "--syntax-only", file("scrapes.yaml", { scrape_configs }));
  expect(said).toContain("SUCCESS");
});

test("Prometheus accepts a rule of every word that a condition can name", async () => {
  const alerts = Object.entries(MEASURES).map(
    ([
      word,
      {
        units: [unit = ""],
      },
    ]) => ({
      name: word,
      condition: unit === "$" ? `${word} > $1` : `${word} > 1${unit}`,
      severity: "info" as const,
      notify: [],
    }),
  );
  const said = await promtool("check", "rules", file("words.yaml", { groups: ruleGroups({ ...bare, alerts }) }));
  expect(said).toContain("SUCCESS");
});

describe("high_error_rate: error_rate > 5% for 5m", () => {
  const about = { every: "30s", about: "high_error_rate" };

  test("fires when 5.5 of 100 requests fail, once that has lasted five minutes", async () => {
    await play({ ...about, series: [turns("ok", 189), turns("error", 11)] }, [
      { at: "5m", firing: [] },
      { at: "6m", firing: ["high_error_rate"] },
    ]);
  });

  test("does not fire when exactly 5 of 100 requests fail", async () => {
    await play({ ...about, series: [turns("ok", 95), turns("error", 5)] }, [{ at: "30m", firing: [] }]);
  });

  test("does not fire where nothing fails, where nobody asks, or where only the router's own requests fail", async () => {
    await play({ ...about, series: [turns("ok", 10)] }, [{ at: "30m", firing: [] }]);
    await play({ ...about, series: [] }, [{ at: "30m", firing: [] }]);
    const routers = [turns("ok", 100), turns("error", 100, "router")];
    await play({ ...about, series: routers }, [{ at: "30m", firing: [] }]);
  });

  test("is not thinned out by the model router's own requests", async () => {
    await play({ ...about, series: [turns("ok", 94), turns("error", 6), turns("ok", 1000, "router")] }, [
      { at: "10m", firing: ["high_error_rate"] },
    ]);
  });

  test("stops when requests succeed again", async () => {
    const error = { ...turns("error", 11), values: "0+11x30 330+0x90" };
    await play({ ...about, series: [turns("ok", 100), error] }, [
      { at: "15m", firing: ["high_error_rate"] },
      { at: "40m", firing: [] },
    ]);
  });
});

describe("high_latency: p99_response_time > 10s for 10m", () => {
  const about = { every: "30s", about: "high_latency" };

  /** 1000 requests in each half minute, of which so many take at most 10 s and all at most 30 s. */
  function answered(within10s: number): readonly Series[] {
    const at = (le: string, each: number) => ({
      series: `${BUCKET}{service="front-door",tenant="a",outcome="ok",le="${le}"}`,
      values: `0+${each}x120`,
    });
    return [at("5", 0), at("10", within10s), at("30", 1000), at("+Inf", 1000)];
  }

  test("fires when more than 1 of 100 requests takes longer than 10 s, once that has lasted ten minutes", async () => {
    await play({ ...about, series: answered(989) }, [
      { at: "10m", firing: [] },
      { at: "11m", firing: ["high_latency"] },
    ]);
  });

  test("does not fire when exactly 99 of 100 requests take at most 10 s", async () => {
    await play({ ...about, series: answered(990) }, [{ at: "40m", firing: [] }]);
  });

  test("does not fire where nobody asks", async () => {
    await play({ ...about, series: [] }, [{ at: "40m", firing: [] }]);
  });
});

// Played time begins on 1 January 1970, 00:00 UTC. The cost is read every 15 minutes.
describe("budget_threshold: monthly_llm_cost > $800", () => {
  const about = { every: "15m", about: "budget_threshold" };

  function spent(values: string, replica = "router-0"): Series {
    return { series: `${COST}{tenant="a",provider="p",model="m",service="router",instance="${replica}"}`, values };
  }

  test("fires when more than 800 USD are spent, and not at 800 USD", async () => {
    await play({ ...about, series: [spent("0+10x80 800+0x100")] }, [{ at: "40h", firing: [] }]);
    await play({ ...about, series: [spent("0+10x80 801+0x100")] }, [
      { at: "20h", firing: [] },
      { at: "20h30m", firing: ["budget_threshold"] },
    ]);
  });

  test("counts on when the router starts anew", async () => {
    await play({ ...about, series: [spent("0+10x50 0+10x31 310+0x40")] }, [
      { at: "20h", firing: [] },
      { at: "21h", firing: ["budget_threshold"] },
    ]);
  });

  test("adds the replicas up", async () => {
    await play({ ...about, series: [spent("0+10x41 410+0x40"), spent("0+10x41 410+0x40", "router-1")] }, [
      { at: "10h", firing: [] },
      { at: "11h", firing: ["budget_threshold"] },
    ]);
  });

  test("begins anew with the month, though the counter goes on", async () => {
    // January costs 1488 USD, half a dollar every 15 minutes, and February goes on like that.
    await play({ ...about, every: "1h", series: [spent("0+2x900")] }, [
      { at: "400h", firing: [] },
      { at: "402h", firing: ["budget_threshold"] },
      { at: "743h", firing: ["budget_threshold"] },
      { at: "745h", firing: [] },
      { at: "800h", firing: [] },
    ]);
  }, 120_000);
});

describe("a tenant's budget", () => {
  const shares = { every: "15m", about: "tenant_budget_share_used" };

  function spentBy(tenant: string, values: string): Series {
    return { series: `${COST}{tenant="${tenant}",provider="p",model="m",service="router"}`, values };
  }

  test("is told at each of its shares, for the tenant whose it is", async () => {
    // marketing has 200 USD and engineering 500: 170 USD are 85 and 34 of 100.
    await play({ ...shares, series: [spentBy("marketing", "0+10x17 170+0x40")] }, [
      { at: "3h", firing: [] },
      { at: "6h", firing: ["tenant_budget_share_used"] },
    ]);
    await play({ ...shares, series: [spentBy("engineering", "0+10x17 170+0x40")] }, [{ at: "8h", firing: [] }]);
  });
});

describe("what the platform watches of itself", () => {
  const every = "30s";

  test("the first request that is refused for the audit log is told at once, and only while requests are refused", async () => {
    const refused =
      'breakwater_refused_requests_total{code="audit/unavailable",service="front-door",instance="front-door-0"}';
    await play({ every, about: "audit_log_cannot_be_written", series: [{ series: refused, values: "_x20 1+0x60" }] }, [
      { at: "9m", firing: [] },
      { at: "11m", firing: ["audit_log_cannot_be_written"] },
      { at: "20m", firing: [] },
    ]);
    await play(
      { every, about: "audit_log_cannot_be_written", series: [{ series: refused, values: "3+0x30 4+0x60" }] },
      [
        { at: "14m", firing: [] },
        { at: "16m", firing: ["audit_log_cannot_be_written"] },
        { at: "30m", firing: [] },
      ],
    );
  });

  test("other refusals are not taken for it", async () => {
    const refused = 'breakwater_refused_requests_total{code="limits/rate",service="front-door"}';
    await play({ every, about: "audit_log_cannot_be_written", series: [{ series: refused, values: "0+5x60" }] }, [
      { at: "20m", firing: [] },
    ]);
  });

  test("the front door is down when no replica answers, not when one does", async () => {
    const replica = (name: string, values: string) => ({ series: `up{job="front-door",instance="${name}"}`, values });
    await play({ every, about: "front_door_down", series: [replica("a", "1x20 0x40"), replica("b", "1x10 0x50")] }, [
      { at: "9m", firing: [] },
      { at: "14m", firing: ["front_door_down"] },
    ]);
    await play({ every, about: "front_door_down", series: [] }, [{ at: "5m", firing: ["front_door_down"] }]);
  });

  test("a vault that is sealed, does not answer, or is not there is told", async () => {
    const up = (value: number) => ({ series: 'up{job="openbao",instance="vault-0"}', values: `${value}x60` });
    const sealed = (value: number) => ({ series: 'vault_core_unsealed{instance="vault-0"}', values: `${value}x60` });
    const about = { every, about: "vault_sealed" };
    await play({ ...about, series: [up(1), sealed(1)] }, [{ at: "10m", firing: [] }]);
    await play({ ...about, series: [up(1), sealed(0)] }, [{ at: "10m", firing: ["vault_sealed"] }]);
    await play({ ...about, series: [up(0)] }, [{ at: "10m", firing: ["vault_sealed"] }]);
    await play({ ...about, series: [] }, [{ at: "10m", firing: ["vault_sealed"] }]);
  });

  test("a certificate is told fourteen days before it ends", async () => {
    const ends = (seconds: number) => ({
      series: 'probe_ssl_earliest_cert_expiry{instance="agents.company.com:443"}',
      values: `${seconds}x60`,
    });
    const about = { every, about: "certificate_ends_soon" };
    await play({ ...about, series: [ends(15 * 86_400)] }, [{ at: "10m", firing: [] }]);
    await play({ ...about, series: [ends(14 * 86_400)] }, [{ at: "10m", firing: ["certificate_ends_soon"] }]);
  });

  test("one alert always fires", async () => {
    await play({ every, about: "alerting_works", series: [] }, [{ at: "5m", firing: ["alerting_works"] }]);
  });
});

describe("Alertmanager", () => {
  const recipients = [["ops-team@company.com"], ["finance@company.com", "ops-team@company.com"], []];

  test("accepts the configuration, with a mail server and without", async () => {
    for (const [name, smtp] of [
      ["with", full.smtp],
      ["without", undefined],
    ] as const) {
      const config = file(`alertmanager-${name}.yaml`, alertmanagerConfig(smtp === undefined ? [] : recipients, smtp));
      const { stdout } = await run("amtool", ["check-config", config]);
      expect(stdout).toContain("SUCCESS");
    }
  });

  test("sends each alert to the addresses that its rule names, and one without addresses to nobody", async () => {
    const config = file("alertmanager-routes.yaml", alertmanagerConfig(recipients, full.smtp));
    const receiver = async (label: string) =>
      (await run("amtool", ["config", "routes", "test", `--config.file=${config}`, label])).stdout.trim();
    expect(await receiver("receiver=ops-team@company.com")).toBe("ops-team@company.com");
    expect(await receiver("receiver=finance@company.com,ops-team@company.com")).toBe(
      "finance@company.com,ops-team@company.com",
    );
    expect(await receiver("severity=none")).toBe("nobody");
  });
});
