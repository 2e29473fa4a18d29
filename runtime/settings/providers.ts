import type { z } from "zod";
import { PUBLIC_PROVIDERS, publicProviderAt } from "../router/providers/catalogue.ts";
import { exactHost } from "../router/providers/exact-host.ts";
import { isSamePlace, regionalJurisdiction } from "../router/providers/regional-hosts.ts";
import { microUsd } from "./money.ts";
import type { modelProviders } from "./sections/model-providers.ts";
import type { priceEntry } from "./sections/model-router.ts";
import type { ModelPrice, ProviderKind } from "./services.ts";

type DeepReadonly<T> = { readonly [Key in keyof T]: T[Key] extends object ? DeepReadonly<T[Key]> : T[Key] };

/** One entry of model_providers, parsed. */
export type ProviderEntry = DeepReadonly<z.output<typeof modelProviders>[string]>;

/** A provider with everything that its kind or its address says about it. */
export interface ResolvedProvider {
  readonly kind: ProviderKind;
  /** Undefined for the echo model, whose address the deployment decides. */
  readonly baseUrl: string | undefined;
  /** Exact host name; empty for the echo model. */
  readonly host: string;
  /** Undefined when neither the settings nor the address say it: such a provider is refused. */
  readonly jurisdiction: string | undefined;
  readonly internal: boolean;
}

/** Jurisdiction of the echo model where the settings name none: no list of countries holds it. */
const ECHO_JURISDICTION = "local";

/** What an entry means. Of a public service that is known by its host, what is known wins over what is written. */
export function resolveProvider(entry: ProviderEntry): ResolvedProvider {
  if (entry.kind === "echo") {
    const jurisdiction = entry.jurisdiction ?? ECHO_JURISDICTION;
    return { kind: "echo", baseUrl: undefined, host: "", jurisdiction, internal: true };
  }
  const baseUrl = entry.base_url ?? defaultBaseUrl(entry.kind);
  const known = publicProviderAt(baseUrl);
  const host = exactHost(baseUrl) ?? "";
  return {
    kind: entry.kind,
    baseUrl,
    host,
    jurisdiction: known?.jurisdiction ?? placeOfHost(host, entry.jurisdiction),
    internal: known === undefined && "internal" in entry && entry.internal,
  };
}

/**
 * Under whose law a host is: what its own name says, else what is written. Undefined when neither says it.
 *
 * @param host as it is asked, without port: `cn-hangzhou.log.aliyuncs.com`.
 */
export function placeOfHost(host: string, written: string | undefined): string | undefined {
  const known = regionalJurisdiction(host);
  if (known === undefined || (written !== undefined && isSamePlace(written, known))) return written ?? known;
  return known;
}

/** The first address of a kind in the catalogue is its own. */
function defaultBaseUrl(kind: ProviderKind): string {
  const known = PUBLIC_PROVIDERS.find((provider) => provider.kind === kind);
  if (known === undefined) throw new Error(`${kind} has no address of its own`);
  return known.baseUrl;
}

/** A price of the company's own contract in the form that the model router reads. */
export function contractPrice(entry: DeepReadonly<z.output<typeof priceEntry>>): ModelPrice {
  const { kind, model, input_usd, cached_input_usd, output_usd, from, source } = entry;
  return {
    ...{ kind, model, from, source },
    input_micro_usd: microUsd(input_usd),
    ...(cached_input_usd === undefined ? {} : { cached_input_micro_usd: microUsd(cached_input_usd) }),
    output_micro_usd: microUsd(output_usd),
  };
}
