import { FACTS_TYPE, Facts, type Settings } from "@breakwater/runtime/settings";
import { ComponentResource } from "@pulumi/pulumi/resource.js";

/**
 * What policies need to know of an environment beside its resources. Pure.
 *
 * @param jurisdiction country or region whose law holds where it stands; empty where nobody says it.
 */
export function factsOf(
  environment: string,
  { deployment, multi_tenant, network, audit, monitoring }: Settings,
  jurisdiction: string,
): Facts {
  return Facts.parse({
    environment,
    architecture: deployment.architecture,
    topology: deployment.topology,
    region: deployment.region,
    jurisdiction,
    dataClass: deployment.data_class,
    exposure: network.exposure,
    airGapped: deployment.architecture === "B",
    tenants: multi_tenant.tenants.map((tenant) => ({
      id: tenant.id,
      retentionDays: tenant.data_retention_days,
      maxAgents: tenant.max_agents,
      monthlyBudgetUsd: tenant.max_api_budget_monthly_usd,
      alertPercents: tenant.budget_alert_percents,
    })),
    auditRetentionDays: audit.retention_days,
    auditDestinations: audit.exports.map(({ kind }) => kind),
    alerts: monitoring?.alerting?.rules.map(({ name }) => name) ?? [],
  });
}

/**
 * The environment as one component whose outputs are its {@link Facts} and its settings: where a policy pack finds what it
 * judges and reckons by. Settings hold no secret, only names of them.
 */
export class EnvironmentFacts extends ComponentResource {
  constructor(facts: Facts, settings: Settings) {
    super(FACTS_TYPE, "environment", {});
    this.registerOutputs({ ...facts, settings });
  }
}
