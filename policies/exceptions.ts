import { z } from "zod";

/** A violation that somebody answers for, until a day. */
export const Exception = z.strictObject({
  /** Rule of the catalogue. */
  rule: z.string(),
  /** Part of the URNs that it covers; left out: every resource. */
  resource: z.string().min(1).optional(),
  owner: z.string().min(1),
  reason: z.string().min(10),
  /** Last day, UTC, on which it holds. */
  expires: z.iso.date(),
});
export type Exception = Readonly<z.output<typeof Exception>>;

/** The exception that covers a violation today, if there is one. @param today day, UTC */
export function exceptionFor(
  violation: { readonly rule: string; readonly urn: string | undefined },
  exceptions: readonly Exception[],
  today: string,
): Exception | undefined {
  return exceptions.find(
    ({ rule, resource, expires }) =>
      rule === violation.rule &&
      expires >= today &&
      (resource === undefined || violation.urn?.includes(resource) === true),
  );
}
