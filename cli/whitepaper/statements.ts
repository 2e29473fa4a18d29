import { SELECTORS, type Selector } from "./selectors.ts";
import type { TextKey } from "./texts/en.ts";

/** The chapters of a white paper, in their order. */
export const SECTIONS = ["flow", "access", "encryption", "audit", "incident"] as const;
export type Section = (typeof SECTIONS)[number];

/** A statement and on what it rests. One row a statement; the words are in texts/. */
export interface StatementRule {
  readonly key: TextKey;
  readonly section: Section;
  /** Resources that show it. */
  readonly shownBy?: readonly Selector[];
  /** Checks of `breakwater verify` that try it on a running environment. */
  readonly triedBy?: readonly string[];
  /** Something that people do, which no plan can show. */
  readonly procedure?: true;
}

export const STATEMENTS: readonly StatementRule[] = [
  { key: "flow.policies", section: "flow", shownBy: [SELECTORS.policies] },
  { key: "access.default-deny", section: "access", shownBy: [SELECTORS.walledNamespaces] },
  { key: "access.no-addresses", section: "access", shownBy: [SELECTORS.closedToAddresses] },
  {
    key: "access.tenants",
    section: "access",
    shownBy: [SELECTORS.tenantNamespaces],
    triedBy: ["memory/isolated"],
  },
  { key: "access.keys", section: "access", triedBy: ["tenancy/header"] },
  { key: "access.cell", section: "access", shownBy: [SELECTORS.cellPolicies], triedBy: ["cell/reaches-only-its-own"] },
  {
    key: "access.admission",
    section: "access",
    shownBy: [SELECTORS.admission],
    triedBy: ["tenant/pods-admitted"],
  },
  { key: "access.clock", section: "access", shownBy: [SELECTORS.clocks], triedBy: ["sandbox/time-is-up"] },
  { key: "access.kernel", section: "access", shownBy: [SELECTORS.sandboxes], triedBy: ["sandbox/own-kernel"] },
  {
    key: "access.sandbox",
    section: "access",
    shownBy: [SELECTORS.sandboxPolicies],
    triedBy: ["sandbox/reaches-nothing"],
  },
  { key: "access.database", section: "access", triedBy: ["database/walled"] },
  { key: "access.pods", section: "access", shownBy: [SELECTORS.workloads] },
  { key: "access.border", section: "access", shownBy: [SELECTORS.borderFilters] },
  { key: "access.people", section: "access", procedure: true },
  { key: "encryption.entry", section: "encryption", shownBy: [SELECTORS.tlsListeners] },
  { key: "encryption.database", section: "encryption", shownBy: [SELECTORS.databases] },
  { key: "encryption.database-transit", section: "encryption", shownBy: [SELECTORS.databaseTls] },
  {
    key: "encryption.inside",
    section: "encryption",
    shownBy: [SELECTORS.certificates],
    triedBy: ["transport/encrypted"],
  },
  { key: "encryption.files", section: "encryption", shownBy: [SELECTORS.fileSystems] },
  { key: "encryption.objects", section: "encryption", shownBy: [SELECTORS.buckets] },
  { key: "encryption.keys", section: "encryption", shownBy: [SELECTORS.keys] },
  { key: "encryption.secrets", section: "encryption", shownBy: [SELECTORS.secretFiles] },
  { key: "encryption.vault", section: "encryption", shownBy: [SELECTORS.vault] },
  { key: "encryption.custody", section: "encryption", procedure: true },
  { key: "audit.volumes", section: "audit", shownBy: [SELECTORS.auditVolumes] },
  { key: "audit.signed", section: "audit", shownBy: [SELECTORS.signingKeys] },
  { key: "audit.locked", section: "audit", shownBy: [SELECTORS.lockedObjects] },
  { key: "audit.account", section: "audit", shownBy: [SELECTORS.accountTrails] },
  { key: "audit.network", section: "audit", shownBy: [SELECTORS.flowLogs] },
  { key: "audit.screening", section: "audit", triedBy: ["screening/redacts"] },
  { key: "audit.review", section: "audit", procedure: true },
  { key: "incident.alerts", section: "incident", shownBy: [SELECTORS.alertRules] },
  { key: "incident.backups", section: "incident", shownBy: [SELECTORS.backups] },
  { key: "incident.detect", section: "incident", procedure: true },
  { key: "incident.contain", section: "incident", procedure: true },
  { key: "incident.evidence", section: "incident", procedure: true },
  { key: "incident.recover", section: "incident", procedure: true },
  { key: "incident.notify", section: "incident", procedure: true },
  { key: "incident.learn", section: "incident", procedure: true },
];
