export { PUBLIC_PROVIDERS } from "../router/providers/catalogue.ts";
export { exactHost } from "../router/providers/exact-host.ts";
export { mayGoTo } from "../router/providers/residency.ts";
export { SETTINGS_CODES, type SettingsCode } from "./codes.ts";
export type { Correction } from "./corrections.ts";
export { ENFORCERS } from "./enforcers.ts";
export { FACTS_TYPE, Facts } from "./facts.ts";
export { settingsJsonSchema } from "./json-schema.ts";
export type { Enforced, Enforcer, Label, NotYet } from "./leaf.ts";
export { type LedgerRow, type LedgerState, ledger, stateOf } from "./ledger.ts";
export { mergeSections, type SettingsFile } from "./merge.ts";
export { microUsd } from "./money.ts";
export { parseSections, parseSettings } from "./parse.ts";
export { contractPrice, placeOfHost, type ResolvedProvider, resolveProvider } from "./providers.ts";
export { readSettingsText } from "./read-text.ts";
export { type PartialSettings, type Settings, sectionNames, type TenantSettings } from "./schema.ts";
export { collectSecretRefs, formatSecretRef, isSecretRef, type SecretRef, type SecretUse } from "./secrets.ts";
export { LIVENESS_PATH, READINESS_PATH } from "./sections/cell.ts";
export { ARCHITECTURES, TOPOLOGIES } from "./sections/deployment.ts";
export { MAX_TENANT_ID_LENGTH, tenantNamespace } from "./sections/multi-tenant.ts";
export {
  ApiKeyRecord,
  CellAgentSettings,
  CIPHER_SUITES,
  FrontDoorSettings,
  RouterSettings,
  type TransportSettings,
  type TrustSettings,
} from "./services.ts";
export { effectiveSkills, SKILLS, type SkillName, skillNames } from "./skills.ts";
export { boundsOf, STATE_OWNED_HOME } from "./state-owned.ts";
