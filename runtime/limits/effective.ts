import type { Limits } from "../settings/services.ts";

const NONE: Limits = {};

/**
 * What holds where several levels say something: for each limit the smallest. A level can therefore make another one
 * tighter and never looser, and one that says nothing changes nothing.
 */
export function tightest(...levels: readonly Limits[]): Limits {
  let effective = NONE;
  for (const level of levels) effective = tighter(effective, level);
  return effective;
}

function tighter(one: Limits, other: Limits): Limits {
  const requests = smaller(one.requests_per_minute, other.requests_per_minute);
  const concurrent = smaller(one.concurrent_requests, other.concurrent_requests);
  return {
    ...(requests === undefined ? {} : { requests_per_minute: requests }),
    ...(concurrent === undefined ? {} : { concurrent_requests: concurrent }),
  };
}

function smaller(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : Math.min(one, other);
}

/** What one replica of several grants. Rounded down, so that all of them together never grant more than the limit. */
export function shareOf(limit: number, replicas: number): number {
  return Math.floor(limit / replicas);
}

/**
 * The first limit of which a replica's share is nothing: such a limit lets no request through and is a mistake.
 * For whoever takes limits in: the settings at start, a new key.
 */
export function belowReplicas(limits: Limits, replicas: number): keyof Limits | undefined {
  for (const name of ["requests_per_minute", "concurrent_requests"] as const) {
    const limit = limits[name];
    if (limit !== undefined && shareOf(limit, replicas) < 1) return name;
  }
  return undefined;
}
