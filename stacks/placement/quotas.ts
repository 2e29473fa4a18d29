import { machineOf } from "./machines.ts";
import type { Place } from "./place.ts";

/** What an environment counts against a limit of the account. */
export interface QuotaNeed {
  readonly what: string;
  /** When every pool is as large as it may get; undefined where the plan cannot count it. */
  readonly needed: number | undefined;
  /** Limit of a fresh account. */
  readonly limit: number;
  readonly source: string;
}

/** One NAT and one address of it in each of three zones. */
const ZONES = 3;

/** How what a quota counts is counted, by its words; of several that fit the first. */
const COUNTS: readonly { readonly words: RegExp; readonly count: (place: Place) => number }[] = [
  { words: /^vCPUs of G machines$/, count: (place) => vcpus(place, (name) => name.startsWith("g")) },
  { words: /^vCPUs of P machines$/, count: (place) => vcpus(place, (name) => name.startsWith("p")) },
  { words: /GPU/i, count: (place) => gpuVcpus(place) },
  { words: /vCPUs/i, count: (place) => plainVcpus(place) },
  { words: /elastic IP|EIP/i, count: waysOut },
  { words: /NAT/, count: waysOut },
  { words: /^VPCs|^networks/i, count: () => 1 },
  { words: /load balancers/i, count: () => 1 },
  { words: /clusters/i, count: () => 1 },
];

/**
 * What the environment counts against each quota that the cloud has. Not a refusal: a quota is raised by asking for it,
 * and the plan cannot know the account's.
 */
export function quotaNeeds(place: Place): readonly QuotaNeed[] {
  return (place.offer?.quotas ?? []).map(({ what, limit, source }) => {
    const rule = COUNTS.find(({ words }) => words.test(what));
    return { what, needed: rule?.count(place), limit, source };
  });
}

/** Those that a fresh account does not have. */
export function quotasToRaise(place: Place): readonly QuotaNeed[] {
  return quotaNeeds(place).filter(({ needed, limit }) => needed !== undefined && needed > limit);
}

function vcpus(place: Place, counts: (machine: string) => boolean, gpu = true): number {
  return place.demand.pools
    .filter((pool) => (pool.gpu !== undefined) === gpu)
    .flatMap((pool) => ({ pool, machine: machineOf(pool, place) }))
    .filter(({ machine }) => counts(machine?.name ?? ""))
    .reduce((sum, { pool, machine }) => sum + pool.max * (machine?.vcpus ?? pool.vcpus), 0);
}

function gpuVcpus(place: Place): number {
  return vcpus(place, () => true);
}

function plainVcpus(place: Place): number {
  return vcpus(place, () => true, false);
}

/** Under B nothing leads out, and nothing has an address of the internet. */
function waysOut({ demand }: Place): number {
  return demand.architecture === "B" ? 0 : ZONES;
}
