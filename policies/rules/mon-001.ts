import { z } from "zod";
import type { Plan, StackProblem, StackRule } from "../rule.ts";

const RULE = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";
const SCRAPES = [
  "kubernetes:monitoring.coreos.com/v1:ServiceMonitor",
  "kubernetes:monitoring.coreos.com/v1:PodMonitor",
  "kubernetes:monitoring.coreos.com/v1alpha1:ScrapeConfig",
] as const;
const RELEASE = "kubernetes:helm.sh/v3:Release";

const rule = z.object({
  spec: z.object({
    groups: z.array(
      z.object({ rules: z.array(z.object({ alert: z.string().optional(), expr: z.union([z.string(), z.number()]) })) }),
    ),
  }),
});
const release = z.object({
  values: z
    .object({
      prometheus: z
        .object({
          prometheusSpec: z
            .object({ additionalScrapeConfigs: z.array(z.object({ job_name: z.string() })).optional() })
            .optional(),
        })
        .optional(),
    })
    .optional(),
});

/** What has to be watched, by what an expression says and not by a name that the environment's author chose. */
const WATCHED = [
  { what: "the share of requests that fail", says: /outcome="error"|status=~"5|code=~"5/ },
  { what: "the slowest requests (p99)", says: /histogram_quantile\(\s*0?\.99\b/ },
  { what: "money spent", says: /cost/ },
  { what: "that alerting works (an alert that always fires)", says: /^\s*vector\(1\)\s*$/ },
] as const;

/**
 * Nobody looks at a graph at night. The alerts of the seed specification and one that always fires, whose absence tells
 * that alerting is broken. `local` has no monitoring: whoever tries it out is the one who looks.
 */
export const mon001: StackRule = {
  id: "MON-001",
  subjects: [],
  applies: ({ topology }) => topology !== "local",
  *check(plan) {
    const expressions = plan.ofType(RULE).flatMap(({ props }) =>
      rule
        .parse(props)
        .spec.groups.flatMap(({ rules }) => rules)
        .flatMap(({ alert, expr }) => (alert === undefined ? [] : [String(expr)])),
    );
    for (const { what, says } of WATCHED) {
      if (!expressions.some((expression) => says.test(expression))) yield { problem: `no alert on ${what}` };
    }
    yield* scraped(plan);
  },
};

function* scraped(plan: Plan): Iterable<StackProblem> {
  if (plan.ofType(...SCRAPES).length > 0) return;
  const jobs = plan
    .ofType(RELEASE)
    .flatMap(({ props }) => release.parse(props).values?.prometheus?.prometheusSpec?.additionalScrapeConfigs ?? [])
    .map(({ job_name }) => job_name);
  for (const job of ["front-door", "router"]) {
    if (!jobs.includes(job)) yield { problem: `nothing scrapes ${job}` };
  }
}
