import { type Bounds, between } from "./money.ts";

/** A figure that nobody declared and the estimate needs all the same; every one that is used is printed. */
export interface Assumption {
  readonly says: string;
  readonly unit: string;
  readonly low: number;
  readonly expected: number;
  readonly high: number;
  /** Where it is from, or that it is nothing but assumed. */
  readonly source: string;
}

const ASSUMED = "assumed; measure your own and compare";

/**
 * Everything that an estimate assumes, in one place.
 *
 * The model requests agree with the source's own table of costs: 660 requests of 8,000 tokens in and 500 out come to
 * 20.79 USD at 3 and 15 USD a million tokens, and the table has 20 USD for a person and month.
 */
export const ASSUMPTIONS = {
  modelRequests: {
    says: "model requests of one person",
    unit: "requests a month",
    low: 220,
    expected: 660,
    high: 2640,
    source:
      "assumed: 22 working days with 10, 30 or 120 requests; 30 agree with the 20 USD a person of the source's table",
  },
  tokensIn: {
    says: "input of one model request",
    unit: "tokens",
    low: 8000,
    expected: 8000,
    high: 8000,
    source: "assumed: an agent's system prompt alone has some 30 kB, and a token some 4 bytes",
  },
  tokensOut: {
    says: "output of one model request",
    unit: "tokens",
    low: 500,
    expected: 500,
    high: 500,
    source: ASSUMED,
  },
  cheapShare: {
    says: "requests that the cheap model answers where cheap_first is set",
    unit: "percent",
    low: 100,
    expected: 50,
    high: 0,
    source: ASSUMED,
  },
  egress: {
    says: "traffic to the internet for one person",
    unit: "GB a month",
    low: 0.1,
    expected: 1,
    high: 5,
    source: ASSUMED,
  },
  logs: {
    says: "logs of the cluster, the network and the entry for one person",
    unit: "GB a month",
    low: 0.2,
    expected: 1,
    high: 3,
    source: ASSUMED,
  },
  logsAtRest: {
    says: "logs of an idle cluster",
    unit: "GB a month",
    low: 5,
    expected: 20,
    high: 60,
    source: ASSUMED,
  },
  objects: {
    says: "audit records, artifacts and backups in object storage for one person",
    unit: "GB",
    low: 0.1,
    expected: 1,
    high: 5,
    source: ASSUMED,
  },
  image: {
    says: "one image repository with its older versions",
    unit: "GB",
    low: 1,
    expected: 3,
    high: 10,
    source: ASSUMED,
  },
  capacityUnits: {
    says: "capacity units of a load balancer or NAT gateway, over the month",
    unit: "units",
    low: 0,
    expected: 1,
    high: 5,
    source: ASSUMED,
  },
  power: {
    says: "power that a DGX system draws",
    unit: "percent of its maximum",
    low: 30,
    expected: 60,
    high: 100,
    source: "assumed; the data sheet has the maximum alone",
  },
  gpuHours: {
    says: "hours in which nodes with GPUs run, where use is not declared",
    unit: "hours a month",
    low: 0,
    expected: 730,
    high: 730,
    source: "a model server that is deployed runs all the time, until somebody scales it down",
  },
} as const satisfies Readonly<Record<string, Assumption>>;

export type AssumptionName = keyof typeof ASSUMPTIONS;

/** An assumption as a quantity, for `count` of what it is for. */
export function assumed(name: AssumptionName, count = 1): Bounds {
  const { low, expected, high } = ASSUMPTIONS[name];
  return between(low * count, expected * count, high * count);
}

/** `traffic to the internet for one person: 1 GB a month (0.1 to 5); assumed`. */
export function assumptionLine(name: AssumptionName): string {
  const { says, unit, low, expected, high, source } = ASSUMPTIONS[name];
  const range = low === high ? "" : ` (${low} to ${high})`;
  return `${says}: ${expected} ${unit}${range}; ${source}`;
}
