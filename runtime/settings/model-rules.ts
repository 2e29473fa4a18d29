import { findPrice } from "../prices/index.ts";
import type { Problem } from "../problems/index.ts";
import { mayGoTo } from "../router/providers/residency.ts";
import { RETIRED_MODELS } from "./deprecated-models.ts";
import { type ModelUse, modelUses } from "./model-uses.ts";
import { settingsProblem } from "./problem.ts";
import { contractPrice, type ResolvedProvider, resolveProvider } from "./providers.ts";
import { modelProvider } from "./sections/model-providers.ts";
import { priceEntry } from "./sections/model-router.ts";
import { DATA_CLASSES, type DataClass, type ModelPrice } from "./services.ts";
import { show } from "./show.ts";
import { boundsOf, saysStateOwned } from "./state-owned.ts";
import { formatPath, listAt, valueAt } from "./walk.ts";

/**
 * What stops a deployment in the models that tenants name: a provider that does not exist, that may not have the
 * tenant's data, or whose price nobody knows. Reads data of any shape; what has the wrong form is left to the schema.
 *
 * @param today day, UTC, whose prices count.
 */
export function modelObstacles(data: unknown, today: string): readonly Problem[] {
  const providers = providersOf(data);
  const prices = contractPrices(data);
  return listAt(data, ["multi_tenant", "tenants"]).flatMap((tenant, index) => {
    const uses = modelUses(tenant, ["multi_tenant", "tenants", index]);
    return uses.flatMap((use) => {
      const provider = providers.known.get(use.provider);
      if (provider === undefined) return unknownProvider(use, providers.names);
      return [
        ...notAllowed(use, { provider, residency: residencyOf(data, tenant), providers: providers.known }),
        ...notInside(use, provider),
        ...unpriced(use, provider, { tenant, prices, today }),
      ];
    });
  });
}

interface Providers {
  readonly names: readonly string[] | undefined;
  /** By name; an entry of a wrong form is there as null. */
  readonly known: ReadonlyMap<string, ResolvedProvider | null>;
}

function providersOf(data: unknown): Providers {
  const section = valueAt(data, ["model_providers"]);
  if (typeof section !== "object" || section === null) return { names: undefined, known: new Map() };
  const known = Object.entries(section).map(([name, entry]) => {
    const parsed = modelProvider.safeParse(entry);
    return [name, parsed.success ? resolveProvider(parsed.data) : null] as const;
  });
  return { names: Object.keys(section).sort(), known: new Map(known) };
}

function unknownProvider(use: ModelUse, names: readonly string[] | undefined): readonly Problem[] {
  if (names === undefined) return [];
  return [
    settingsProblem("settings/unknown-provider", formatPath([...use.path, "provider"]), {
      got: show(use.provider),
      expected: `a name of model_providers: ${names.join(", ") || "there is none"}`,
      remedy: "add the provider to model_providers or choose another",
    }),
  ];
}

interface TenantResidency {
  /** As it is written. */
  readonly dataClass: DataClass;
  readonly jurisdictions: ReadonlySet<string> | undefined;
  /** Which class it is treated as. */
  readonly treatedAs: DataClass;
  /** Architecture B: data must not leave, whatever its class. */
  readonly mustStay: boolean;
}

function residencyOf(data: unknown, tenant: unknown): TenantResidency | undefined {
  const dataClass = valueAt(tenant, ["data_class"]) ?? valueAt(data, ["deployment", "data_class"]);
  if (!isDataClass(dataClass)) return undefined;
  const written = valueAt(tenant, ["jurisdictions"]);
  const listed = Array.isArray(written) ? written.map(String) : undefined;
  const bounds = boundsOf({ dataClass, jurisdictions: listed }, saysStateOwned(data));
  const mustStay = valueAt(data, ["deployment", "architecture"]) === "B";
  return {
    dataClass,
    jurisdictions: bounds.jurisdictions === undefined ? undefined : new Set(bounds.jurisdictions),
    treatedAs: mustStay ? "restricted" : bounds.dataClass,
    mustStay,
  };
}

function isDataClass(value: unknown): value is DataClass {
  return DATA_CLASSES.some((known) => known === value);
}

/** What decides whether one provider may have the data, and which others may. */
interface Choice {
  readonly provider: ResolvedProvider | null;
  readonly residency: TenantResidency | undefined;
  readonly providers: Providers["known"];
}

function notAllowed(use: ModelUse, { provider, residency, providers }: Choice): readonly Problem[] {
  if (provider?.jurisdiction === undefined || residency === undefined) return [];
  if (mayHave(provider, residency)) return [];
  const { jurisdiction, internal } = provider;
  const { dataClass, jurisdictions, mustStay } = residency;
  const others = [...providers]
    .filter(([, other]) => other !== null && mayHave(other, residency))
    .map(([name]) => name);
  const listed =
    jurisdictions === undefined
      ? "none is listed"
      : `listed: ${[...jurisdictions].sort().join(", ") || "none is left"}`;
  const whose = mustStay ? 'architecture "B", under which no data leaves' : `data class ${dataClass}`;
  return [
    settingsProblem("settings/residency", formatPath([...use.path, "provider"]), {
      got: `${show(use.provider)}, ${internal ? "internal" : "outside the company"}, jurisdiction ${show(jurisdiction)}`,
      expected: `a provider that ${whose} allows; jurisdictions: ${listed}`,
      remedy:
        others.length === 0
          ? "choose an internal model, or change the tenant's data_class or jurisdictions"
          : `choose ${others.sort().map(show).join(" or ")}, or change the tenant's data_class or jurisdictions`,
    }),
  ];
}

function mayHave({ jurisdiction, internal }: ResolvedProvider, residency: TenantResidency): boolean {
  if (jurisdiction === undefined) return false;
  const { treatedAs: dataClass, jurisdictions } = residency;
  return mayGoTo({ dataClass, jurisdictions }, { jurisdiction, internal });
}

function notInside(use: ModelUse, provider: ResolvedProvider | null): readonly Problem[] {
  if (!use.inside || provider === null || provider.internal) return [];
  return [
    settingsProblem("settings/not-internal", formatPath([...use.path, "provider"]), {
      got: `${show(use.provider)}, which is outside the company`,
      expected: "a provider with internal: true, because screening sends here what must not leave",
      remedy: "choose a model of your own",
    }),
  ];
}

function unpriced(
  use: ModelUse,
  provider: ResolvedProvider | null,
  known: { readonly tenant: unknown; readonly prices: readonly ModelPrice[]; readonly today: string },
): readonly Problem[] {
  if (provider === null || typeof use.model !== "string") return [];
  if (valueAt(known.tenant, ["llm_config", "allow_unpriced"]) === true) return [];
  const retired = Object.hasOwn(RETIRED_MODELS, use.model) ? RETIRED_MODELS[use.model] : undefined;
  const model = retired?.replacement ?? use.model;
  const { kind, host, internal } = provider;
  if (findPrice({ kind, host, model, internal }, known.today, known.prices) !== undefined) return [];
  return [
    settingsProblem("settings/unpriced-model", formatPath([...use.path, "model"]), {
      got: `${show(model)} of ${show(use.provider)}, for which no price is known`,
      expected: "a model of the price book or of model_router.prices, because budgets are kept in money",
      remedy: "add its price to model_router.prices, or set allow_unpriced to count it as free",
    }),
  ];
}

function contractPrices(data: unknown): readonly ModelPrice[] {
  return listAt(data, ["model_router", "prices"]).flatMap((entry) => {
    const parsed = priceEntry.safeParse(entry);
    return parsed.success ? [contractPrice(parsed.data)] : [];
  });
}

/** What the entries of model_providers say of themselves that cannot be. */
export function providerObstacles(data: unknown): readonly Problem[] {
  const section = valueAt(data, ["model_providers"]);
  if (typeof section !== "object" || section === null) return [];
  return Object.entries(section).flatMap(([name, entry]) => {
    const parsed = modelProvider.safeParse(entry);
    return parsed.success ? misplaced(name, parsed.data) : [];
  });
}

function misplaced(name: string, entry: Parameters<typeof resolveProvider>[0]): readonly Problem[] {
  const { jurisdiction, internal } = resolveProvider(entry);
  const at = (key: string) => formatPath(["model_providers", name, key]);
  if (jurisdiction === undefined) {
    return [
      settingsProblem("settings/missing", at("jurisdiction"), {
        got: "nothing, and an address that is none of the provider's known ones",
        expected: "the country or region of the servers",
        remedy: 'add it, such as jurisdiction: "eu"',
      }),
    ];
  }
  const wrong = entry.jurisdiction !== undefined && entry.jurisdiction !== jurisdiction;
  const claimed = "internal" in entry && entry.internal && !internal;
  return [
    ...(wrong
      ? [
          settingsProblem("settings/contradiction", at("jurisdiction"), {
            got: show(entry.jurisdiction),
            expected: `${show(jurisdiction)}, where the servers at this address are`,
            remedy: "correct it or leave it out",
          }),
        ]
      : []),
    ...(claimed
      ? [
          settingsProblem("settings/contradiction", at("internal"), {
            got: "true at the address of a public service",
            expected: "false",
            remedy: "write false, or the address of your own server",
          }),
        ]
      : []),
  ];
}
