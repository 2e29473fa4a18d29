import type { Settings } from "@breakwater/runtime/settings";

/** Where the settings say something about a rule that only a declaration answers. */
export interface Declaration {
  /** Patterns of settings, as the ledger writes them. */
  readonly settings: readonly string[];
  /** False where the rule asks more than settings can say: the rest is procedure. */
  readonly whole: boolean;
  /** Whether the values say yes. @default whatever is written counts as declared */
  readonly holds?: (settings: Settings) => boolean;
}

const DLP = "enterprise.data_loss_prevention";

const screened = ({ enterprise }: Settings): boolean => enterprise?.data_loss_prevention?.enabled === true;

/** A declared rule that is not here is said by no setting: it is procedure. */
export const DECLARATIONS: Readonly<Record<string, Declaration>> = {
  // Several factors are the identity provider's.
  "IAM-004": {
    settings: ["enterprise.sso.enabled", "enterprise.rbac.roles[].name"],
    whole: false,
    holds: ({ enterprise }) => enterprise?.sso?.enabled === true,
  },
  "LOG-006": {
    settings: [
      "openshell.audit.log_all_commands",
      "openshell.audit.log_network_requests",
      "openshell.audit.log_file_access",
    ],
    whole: true,
    holds: ({ openshell: { audit } }) =>
      audit?.log_all_commands === true && audit.log_network_requests === true && audit.log_file_access === true,
  },
  // What other programs than front door and router write is not screened.
  "LOG-011": { settings: [`${DLP}.enabled`], whole: false, holds: screened },
  // No digest of a skill is a setting.
  "SUP-006": {
    settings: ["multi_tenant.tenants[].allowed_skills", "multi_tenant.tenants[].blocked_skills"],
    whole: false,
  },
  "TEN-002": {
    settings: [
      "multi_tenant.tenants[].max_agents",
      "multi_tenant.tenants[].max_api_budget_monthly_usd",
      "multi_tenant.tenants[].llm_config.fallbacks[].provider",
    ],
    whole: true,
    holds: ({ multi_tenant: { tenants } }) =>
      tenants.every((tenant) => tenant.max_api_budget_monthly_usd > 0 && tenant.llm_config.fallbacks.length > 0),
  },
  "LLM-001": { settings: ["model_providers.<name>.kind", "deployment.data_class"], whole: true },
  "LLM-002": {
    settings: ["multi_tenant.tenants[].llm_config.fallbacks[].provider", "model_providers.<name>.kind"],
    whole: true,
  },
  "LLM-003": { settings: ["model_providers.<name>.kind"], whole: true },
  "LLM-004": { settings: ["multi_tenant.tenants[].llm_config.model"], whole: true },
  "LLM-008": { settings: ["audit.include_content"], whole: true, holds: ({ audit }) => !audit.include_content },
  "SBX-002": { settings: ["deployment.topology", "openshell.isolation"], whole: true },
  "SBX-003": { settings: ["openshell.isolation"], whole: false },
  "SBX-004": {
    settings: ["openshell.network.mode", "openshell.network.allowed_domains"],
    whole: true,
    holds: ({ openshell: { network } }) => network?.allowed_domains?.every((host) => !host.includes("*")) === true,
  },
  "SBX-005": { settings: ["openshell.network.allowed_domains"], whole: true },
  "DLP-001": { settings: [`${DLP}.enabled`, `${DLP}.detectors[].detector`], whole: true, holds: screened },
  // A sample for each pattern is nobody's setting.
  "DLP-002": { settings: [`${DLP}.rules[].pattern`], whole: false },
  "DLP-003": {
    settings: [`${DLP}.rules[].action`, `${DLP}.detectors[].action`],
    whole: true,
    holds: (settings) => {
      const dlp = settings.enterprise?.data_loss_prevention;
      const actions = [...(dlp?.rules ?? []), ...(dlp?.detectors ?? [])].map(({ action }) => String(action));
      return screened(settings) && actions.every((action) => ["redact", "block"].includes(action));
    },
  },
  // Who has the roles is known to the identity provider alone.
  "CN-006": { settings: ["enterprise.rbac.roles[].name"], whole: false },
};
