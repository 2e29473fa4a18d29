import { type Problem, ProblemError } from "../problems/index.ts";
import type { ModelRef, RouterSettings } from "../settings/services.ts";
import { publicProviderAt } from "./providers/catalogue.ts";
import { mayGoTo, type Residency } from "./providers/residency.ts";
import { residencyOf } from "./tenants/tenant.ts";

/**
 * Looks for what would send data where it may not go, before anything is served.
 * @throws ProblemError with all of `provider/unknown`, `residency/forbidden-provider`, `residency/internal-is-outside`,
 *   `residency/wrong-place`, `transport/missing`.
 */
export function checkSettings(settings: RouterSettings): void {
  const [first, ...rest] = [
    ...misplacedProviders(settings),
    ...untrusted(settings),
    ...settings.tenants.flatMap(problemsOf(settings)),
  ];
  if (first !== undefined) throw new ProblemError([first, ...rest]);
}

/** Providers whose address is a public service that is known to be somewhere else than the settings say. */
function misplacedProviders({ providers }: RouterSettings): Problem[] {
  return Object.entries(providers).flatMap(([name, { base_url, jurisdiction, internal }]) => {
    const known = publicProviderAt(base_url);
    if (known === undefined || (known.jurisdiction === jurisdiction && !internal)) return [];
    return [
      {
        code: "residency/wrong-place",
        path: `providers.${name}`,
        got: `jurisdiction "${jurisdiction}", ${internal ? "internal" : "not internal"}`,
        expected: `jurisdiction "${known.jurisdiction}", not internal: ${known.host} is a public service there`,
        remedy: "correct the provider",
      },
    ];
  });
}

/** Providers that the environment's own authority vouches for, of which this router does not know. */
function untrusted({ providers, transport }: RouterSettings): Problem[] {
  if (transport !== undefined) return [];
  return Object.entries(providers)
    .filter(([, { own_authority }]) => own_authority === true)
    .map(([name]) => ({
      code: "transport/missing",
      path: `providers.${name}.own_authority`,
      got: "true, without `transport`",
      expected: "the authority that vouches for it",
      remedy: "write `transport.authority_file`",
    }));
}

function problemsOf({ providers }: RouterSettings) {
  return (tenant: RouterSettings["tenants"][number], index: number): Problem[] => {
    const residency = residencyOf(tenant);
    const check = (ref: ModelRef, path: string): Problem[] => problemsOfRef(providers, residency, ref, path);
    const at = `tenants[${index}]`;
    const { chain, cheap_first: cheap, internal } = tenant;
    return [
      ...chain.flatMap((ref, place) => check(ref, `${at}.chain[${place}].provider`)),
      ...(cheap === undefined ? [] : check(cheap, `${at}.cheap_first.provider`)),
      ...(internal === undefined
        ? []
        : [...check(internal, `${at}.internal.provider`), ...outside(providers, internal, `${at}.internal.provider`)]),
    ];
  };
}

function problemsOfRef(
  providers: RouterSettings["providers"],
  residency: Residency,
  { provider: name }: ModelRef,
  path: string,
): Problem[] {
  const provider = Object.hasOwn(providers, name) ? providers[name] : undefined;
  const got = JSON.stringify(name);
  if (provider === undefined) {
    const expected = `one of ${Object.keys(providers).join(", ") || "(none configured)"}`;
    return [{ code: "provider/unknown", path, got, expected, remedy: "configure it" }];
  }
  if (mayGoTo(residency, provider)) return [];
  const { dataClass, jurisdictions } = residency;
  const among = jurisdictions === undefined ? "" : ` in ${[...jurisdictions].join(", ") || "no jurisdiction"}`;
  return [
    {
      code: "residency/forbidden-provider",
      path,
      got: `${got} in "${provider.jurisdiction}", ${provider.internal ? "internal" : "not internal"}`,
      expected: `a provider that ${dataClass} data may go to${among}`,
      remedy: "choose another provider, or correct the tenant's data class or jurisdictions",
    },
  ];
}

function outside(providers: RouterSettings["providers"], { provider: name }: ModelRef, path: string): Problem[] {
  const provider = Object.hasOwn(providers, name) ? providers[name] : undefined;
  if (provider === undefined || provider.internal) return [];
  const expected = "a provider inside the company: screening sends there what may not leave";
  const remedy = "choose an internal provider";
  return [{ code: "residency/internal-is-outside", path, got: JSON.stringify(name), expected, remedy }];
}
