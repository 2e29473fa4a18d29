import type { Settings } from "@breakwater/runtime/settings";

/** A violation that somebody answers for, until a day. */
export type Exception = Settings["policies"]["exceptions"][number];

interface Violation {
  readonly rule: string;
  readonly urn: string | undefined;
}

/** The exception that covers a violation today, if there is one. @param today day, UTC */
export function exceptionFor(
  violation: Violation,
  exceptions: readonly Exception[],
  today: string,
): Exception | undefined {
  return exceptions.find((exception) => !isOver(exception, today) && isAbout(exception, violation));
}

/** Whether an exception names the violation, over or not. */
export function isAbout({ rule, resource }: Exception, violation: Violation): boolean {
  return rule === violation.rule && (resource === undefined || violation.urn?.includes(resource) === true);
}

/** Whether its last day has passed. @param today day, UTC */
export function isOver({ expires }: Exception, today: string): boolean {
  return expires < today;
}
