import { evaluate } from "../../policies/evaluate.ts";
import type { PlanRule } from "../../policies/rule.ts";
import { RULES } from "../../policies/rules/index.ts";
import { median } from "../sample.ts";
import type { Figure } from "../table.ts";
import type { RecordedPlan } from "./recorded.ts";

const OBJECTS = 25_000;
const ROUNDS = 9;
const LIMIT_US = 5;
const DEAREST = 6;
const TODAY = "2026-11-24";

/** All rules over all these plans. */
export function judgingFigures(plans: readonly RecordedPlan[]): readonly Figure[] {
  const objects = plans.reduce((sum, { resources }) => sum + resources.length, 0);
  if (objects < OBJECTS) throw new Error(`${objects} objects are too few`);
  const rounds = Array.from({ length: ROUNDS }, () => judge(plans, RULES));
  const each = (spent: number): number => (spent * 1000) / objects;
  const wall = each(median(rounds.map(({ wallMs }) => wallMs)));
  const cpu = each(median(rounds.map(({ cpuMs }) => cpuMs)));
  return [
    {
      what: `an object, ${RULES.length} rules, ${objects} objects in ${plans.length} plans`,
      measured: `${wall.toFixed(1)} us`,
      target: `<= ${LIMIT_US} us`,
      met: wall <= LIMIT_US,
      limit: `median of ${ROUNDS}; of the same rounds ${cpu.toFixed(1)} us CPU, the collector's threads included`,
    },
    {
      what: "  the first of these rounds, in a fresh process",
      measured: `${each(rounds[0]?.wallMs ?? 0).toFixed(1)} us`,
      limit: "compiling the rules and their schemas",
    },
    ...dearest(plans).map(({ id, share }) => ({ what: `  of it ${id}`, measured: `${(share * 100).toFixed(0)} %` })),
  ];
}

function judge(recorded: readonly RecordedPlan[], rules: readonly PlanRule[]): { wallMs: number; cpuMs: number } {
  // As new as those of a plan: what rules remember of an object would make the rounds after the first cheaper.
  const plans = JSON.parse(JSON.stringify(recorded)) as readonly RecordedPlan[];
  const cpu = process.cpuUsage();
  const started = performance.now();
  const judged = plans.map(({ facts, resources, settings }) =>
    evaluate(resources, { facts, rules, exceptions: settings.policies.exceptions, today: TODAY }),
  );
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const violated = judged.flat().filter(({ outcome }) => outcome === "violated");
  if (violated.length > 0)
    throw new Error(`${violated.map(({ rule }) => rule.id).join(", ")} violated: no shipped plan`);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

/** The rules that take the most of the time of all; what several read together counts for the first of them. */
function dearest(plans: readonly RecordedPlan[]): readonly { readonly id: string; readonly share: number }[] {
  const spent = new Map<string, number>();
  const rules = RULES.map((rule) => watched(rule, (ms) => spent.set(rule.id, (spent.get(rule.id) ?? 0) + ms)));
  let all = 0;
  for (let round = 0; round < ROUNDS; round += 1) all += judge(plans, rules).wallMs;
  return [...spent]
    .sort(([, a], [, b]) => b - a)
    .slice(0, DEAREST)
    .map(([id, ms]) => ({ id, share: ms / all }));
}

/** The same rule, which tells how long each of its checks took. */
function watched(rule: PlanRule, tell: (ms: number) => void): PlanRule {
  if ("check" in rule) return { ...rule, check: (plan) => telling(() => rule.check(plan), tell) };
  const checks = Object.entries(rule.on).map(([type, check]) => [
    type,
    (...args: Parameters<typeof check>) => telling(() => check(...args), tell),
  ]);
  return { ...rule, on: Object.fromEntries(checks) };
}

function* telling<Found>(look: () => Iterable<Found>, tell: (ms: number) => void): Iterable<Found> {
  const started = performance.now();
  try {
    yield* look();
  } finally {
    tell(performance.now() - started);
  }
}
