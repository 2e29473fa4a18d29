import type { DataClass } from "../../settings/services.ts";

/** What decides where a tenant's data may go. */
export interface Residency {
  readonly dataClass: DataClass;
  /** Undefined: the tenant names none. */
  readonly jurisdictions: ReadonlySet<string> | undefined;
}

/** Where a provider is. */
export interface Place {
  readonly jurisdiction: string;
  /** Whether it runs inside the company's network. */
  readonly internal: boolean;
}

/**
 * Whether a provider may have a tenant's data.
 *
 * Restricted data stays inside. Confidential data stays inside too, unless the tenant names jurisdictions. Whoever names
 * jurisdictions has named all of them: they hold for every class and for internal providers, which can be in another
 * country as well.
 */
export function mayGoTo({ dataClass, jurisdictions }: Residency, { jurisdiction, internal }: Place): boolean {
  if (jurisdictions !== undefined && !jurisdictions.has(jurisdiction)) return false;
  if (dataClass === "restricted") return internal;
  if (dataClass === "confidential") return internal || jurisdictions !== undefined;
  return true;
}
