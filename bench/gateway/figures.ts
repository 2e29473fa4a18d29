import { median } from "../sample.ts";
import type { Figure } from "../table.ts";
import type { Window } from "./load.ts";

/** All windows of one server at one concurrency. */
export interface Series {
  readonly target: string;
  readonly concurrency: number;
  readonly windows: readonly Window[];
}

/** What one server did in its middle window. */
interface Middle {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicros: number;
  readonly errors: number;
}

/** The names by which the figures refer to the servers. */
export interface Roles {
  readonly peer: string;
  readonly bare: string;
  readonly ours: readonly string[];
}

const TARGETS = { timesPeer: 12, ofBare: 0.7, cpuMicros: 60, p99Ms: 5 };

/** The series as figures: what each server did, then our services against the goals, from the same run. */
export function figuresOf(series: readonly Series[], { peer, bare, ours }: Roles): readonly Figure[] {
  const middles = new Map(series.map((one) => [nameOf(one.target, one.concurrency), middleOf(one.windows)]));
  const at = (target: string, concurrency: number): Middle => {
    const found = middles.get(nameOf(target, concurrency));
    if (found === undefined) throw new Error(`no windows of ${target} at ${concurrency}`);
    return found;
  };
  const seen = series.map(({ target, concurrency }) => ({
    what: `${target}, c=${concurrency}`,
    measured: sentence(at(target, concurrency)),
  }));
  const concurrencies = [...new Set(series.map(({ concurrency }) => concurrency))];
  const goals = ours.flatMap((target) =>
    concurrencies.flatMap((concurrency) => {
      const own = at(target, concurrency);
      const alone = at(bare, concurrency);
      const perPeer = ({ requestsPerSecond }: Middle): number =>
        requestsPerSecond / at(peer, concurrency).requestsPerSecond;
      const ofBare = own.requestsPerSecond / alone.requestsPerSecond;
      // What Node's and undici's sockets take by themselves, in the same run: nothing on top of them can be less.
      const limit = (text: string): string => `the bare proxy alone: ${text}`;
      const what = (text: string): string => `${target}, c=${concurrency}: ${text}`;
      return [
        {
          ...atLeast(what("requests/s against Portkey"), perPeer(own), TARGETS.timesPeer, "x"),
          limit: limit(`${perPeer(alone).toFixed(2)}x`),
        },
        atLeast(what("requests/s against Fastify + undici"), ofBare, TARGETS.ofBare, ""),
        {
          ...atMost(what("CPU a request"), own.cpuMicros, TARGETS.cpuMicros, " us"),
          limit: limit(`${alone.cpuMicros.toFixed(1)} us`),
        },
        ...(concurrency === concurrencies[0]
          ? [
              {
                ...atMost(what("p99"), own.p99Ms, TARGETS.p99Ms, " ms"),
                limit: limit(`${alone.p99Ms.toFixed(1)} ms`),
              },
            ]
          : []),
        atMost(what("errors"), own.errors, 0, ""),
      ];
    }),
  );
  return [...seen, ...goals];
}

function nameOf(target: string, concurrency: number): string {
  return `${target} ${concurrency}`;
}

function middleOf(windows: readonly Window[]): Middle {
  const of = (value: (window: Window) => number): number => median(windows.map(value));
  return {
    requestsPerSecond: of((window) => window.requestsPerSecond),
    p50Ms: of((window) => window.p50Ms),
    p99Ms: of((window) => window.p99Ms),
    cpuMicros: of((window) => window.cpuMicrosPerRequest),
    // Errors are not averaged away.
    errors: windows.reduce((sum, { errors }) => sum + errors, 0),
  };
}

function sentence({ requestsPerSecond, p50Ms, p99Ms, cpuMicros, errors }: Middle): string {
  const latency = `p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`;
  return `${Math.round(requestsPerSecond)} req/s, ${latency}, ${cpuMicros.toFixed(1)} us CPU, ${errors} errors`;
}

function atLeast(what: string, value: number, goal: number, unit: string): Figure {
  return { what, measured: `${value.toFixed(2)}${unit}`, target: `>= ${goal}${unit}`, met: value >= goal };
}

function atMost(what: string, value: number, goal: number, unit: string): Figure {
  const measured = Number.isInteger(value) ? String(value) : value.toFixed(1);
  return { what, measured: `${measured}${unit}`, target: `<= ${goal}${unit}`, met: value <= goal };
}
