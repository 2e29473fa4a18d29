import {
  boundsOf,
  contractPrice,
  microUsd,
  RouterSettings,
  resolveProvider,
  type Settings,
  type TenantSettings,
} from "@breakwater/runtime/settings";
import type { AgentsArgs } from "../components/agents/agents.ts";
import { ECHO_MODEL_PORT, PLATFORM_NAMESPACE, ROUTER_PORT, serviceHost } from "../components/names.ts";
import { authorityFile, certificateFiles } from "../components/transport.ts";
import { auditPorts, auditSecretFiles, auditSettings } from "./audit.ts";
import { type DatabaseAddress, databaseSettings } from "./database.ts";
import { isServedByTls, isServedHere, modelPorts } from "./inference.ts";
import { screeningSettings } from "./screening.ts";
import { cipherSuitesOf, transportOf } from "./transport.ts";
import { portOf } from "./urls.ts";

const SECRETS = "/run/secrets/router";
const ECHO_MODEL_URL = `https://${serviceHost("echo-model", PLATFORM_NAMESPACE)}:${ECHO_MODEL_PORT}/v1`;

/** The model router: its settings, the files that they name, and the ways out that its models need. */
export function routerOf(settings: Settings, database: DatabaseAddress): AgentsArgs["router"] {
  const providers = Object.values(settings.model_providers).map(resolveProvider);
  const outside = providers.flatMap(({ baseUrl, host }) =>
    baseUrl === undefined || isServedHere(host) ? [] : [portOf(baseUrl)],
  );
  return {
    settings: routerSettings(settings, database),
    secretFiles: {
      "tenant-keys.json": "platform/router-tenant-keys.json",
      "principal-secret": "platform/principal-secret",
      "postgres-password": "platform/postgres-router-password",
      ...authorityFile,
      ...certificateFiles("platform/router"),
      ...auditSecretFiles(settings, "router"),
      ...providerKeyFiles(settings),
    },
    replicas: settings.model_router.replicas,
    externalPorts: [...outside, ...auditPorts(settings)],
    modelPorts: modelPorts(settings),
    usesEchoModel: providers.some(({ kind }) => kind === "echo"),
  };
}

/** Mounted file -> name of the secret that holds a provider's key. */
function providerKeyFiles({ model_providers }: Settings): Record<string, string> {
  const withKey = Object.entries(model_providers).flatMap(([name, provider]) =>
    "api_key" in provider && provider.api_key !== undefined ? [[`${name}.key`, provider.api_key.secret] as const] : [],
  );
  return Object.fromEntries(withKey);
}

function routerSettings(settings: Settings, database: DatabaseAddress): RouterSettings {
  const { model_router, multi_tenant } = settings;
  return RouterSettings.parse({
    listen: { port: ROUTER_PORT },
    transport: transportOf(settings, SECRETS),
    first_byte_timeout_seconds: model_router.first_byte_timeout_seconds,
    tenant_keys_file: `${SECRETS}/tenant-keys.json`,
    principal_secret_file: `${SECRETS}/principal-secret`,
    database: databaseSettings(database, "router", { secrets: SECRETS, cipherSuites: cipherSuitesOf(settings) }),
    screening: screeningSettings(settings),
    audit: auditSettings(settings, SECRETS),
    retries: model_router.retries,
    breaker: model_router.breaker,
    tenants: multi_tenant.tenants.map((tenant) => tenantModels(tenant, settings)),
    providers: providersOf(settings),
    prices: model_router.prices.map(contractPrice),
  });
}

function tenantModels(tenant: TenantSettings, { deployment }: Settings): unknown {
  const { provider, model, fallbacks, ...llm } = tenant.llm_config;
  const written = { dataClass: tenant.data_class ?? deployment.data_class, jurisdictions: tenant.jurisdictions };
  const { dataClass, jurisdictions } = boundsOf(written, deployment.state_owned);
  return {
    id: tenant.id,
    // Under B nothing leaves, whatever the tenant's own class: the router then treats all of it as restricted.
    data_class: deployment.architecture === "B" ? "restricted" : dataClass,
    ...(jurisdictions === undefined ? {} : { jurisdictions }),
    chain: [{ provider, model }, ...fallbacks],
    ...(llm.cheap_first === undefined ? {} : { cheap_first: llm.cheap_first }),
    ...(llm.internal === undefined ? {} : { internal: llm.internal }),
    max_tokens_per_request: llm.max_tokens_per_request,
    budget: {
      monthly_micro_usd: microUsd(tenant.max_api_budget_monthly_usd),
      agents: inMicroUsd(tenant.agent_budgets_monthly_usd),
      keys: inMicroUsd(tenant.key_budgets_monthly_usd),
      alert_percents: tenant.budget_alert_percents,
    },
    allow_unpriced: llm.allow_unpriced,
    ...(llm.cache_ttl_seconds === undefined ? {} : { cache_ttl_seconds: llm.cache_ttl_seconds }),
  };
}

function inMicroUsd(budgets: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(budgets).map(([id, usd]) => [id, microUsd(usd)]));
}

function providersOf(settings: Settings): unknown {
  const entries = Object.entries(settings.model_providers).map(([name, entry]) => {
    const { kind, baseUrl, jurisdiction, internal } = resolveProvider(entry);
    const inside = insideServer(baseUrl, settings);
    const key = "api_key" in entry && entry.api_key !== undefined ? { api_key_file: `${SECRETS}/${name}.key` } : {};
    return [name, { kind, base_url: baseUrl, ...inside, ...key, jurisdiction, internal }];
  });
  return Object.fromEntries(entries);
}

/** Where a server of this environment that shows a certificate of its authority is reached, whatever scheme was written. */
function insideServer(baseUrl: string | undefined, settings: Settings): object {
  if (baseUrl === undefined) return { base_url: ECHO_MODEL_URL, own_authority: true };
  return isServedByTls(baseUrl, settings) ? { base_url: baseUrl.replace(/^http:/, "https:"), own_authority: true } : {};
}
