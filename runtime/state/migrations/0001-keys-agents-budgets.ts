import type { Migration } from "../migration.ts";

const KEYS = [
  `CREATE TABLE api_keys (
    id text PRIMARY KEY,
    sha256 text NOT NULL UNIQUE,
    tenant text,
    role text NOT NULL,
    label text,
    limits jsonb NOT NULL DEFAULT '{}',
    created timestamptz NOT NULL,
    expires timestamptz,
    created_by text NOT NULL,
    -- The key that this one was made for by a rotation.
    replaces text,
    -- Value of key_version when the row was last changed: replicas read only what is newer than what they have.
    version bigint NOT NULL)`,
  `CREATE INDEX api_keys_version ON api_keys (version)`,
  // Also of keys that the deployment made in a file, which have no row above.
  `CREATE TABLE key_revocations (
    id text PRIMARY KEY,
    revoked timestamptz NOT NULL,
    -- After a rotation the old key is accepted until then; null: refused at once.
    until timestamptz,
    version bigint NOT NULL)`,
  `CREATE INDEX key_revocations_version ON key_revocations (version)`,
  // One row: counts changes of keys, so that a replica can say which of them it has.
  `CREATE TABLE key_version (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    version bigint NOT NULL)`,
  `INSERT INTO key_version (version) VALUES (0)`,
  `CREATE TABLE replicas (
    name text PRIMARY KEY,
    kind text NOT NULL,
    seen timestamptz NOT NULL,
    keys_version bigint NOT NULL DEFAULT 0)`,
];

const AGENTS = [
  `CREATE TABLE agents (
    tenant text NOT NULL,
    id text NOT NULL,
    name text NOT NULL,
    instructions text NOT NULL DEFAULT '',
    skills jsonb,
    created timestamptz NOT NULL,
    updated timestamptz NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (tenant, id))`,
];

const BUDGETS = [
  // spent + leased <= limit, kept by budget_sync; a lower limit and a provider that bills more than its worst case can
  // push it over, which is why it is no CHECK.
  `CREATE TABLE budget_periods (
    tenant text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('tenant', 'agent', 'key')),
    id text NOT NULL,
    month text NOT NULL CHECK (month ~ '^[0-9]{4}-[0-9]{2}$'),
    limit_micro_usd bigint NOT NULL CHECK (limit_micro_usd >= 0),
    spent_micro_usd bigint NOT NULL DEFAULT 0 CHECK (spent_micro_usd >= 0),
    leased_micro_usd bigint NOT NULL DEFAULT 0 CHECK (leased_micro_usd >= 0),
    written_off_micro_usd bigint NOT NULL DEFAULT 0 CHECK (written_off_micro_usd >= 0),
    alerted_percent int NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, kind, id, month)) WITH (fillfactor = 50)`,
  // One row a running process: the number of its last request, so that a late one does nothing.
  `CREATE TABLE budget_holders (
    holder text PRIMARY KEY,
    seq bigint NOT NULL,
    usage_seq bigint NOT NULL,
    seen timestamptz NOT NULL) WITH (fillfactor = 50)`,
  `CREATE TABLE budget_leases (
    holder text NOT NULL,
    serial bigint NOT NULL,
    tenant text NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    month text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'closed', 'written_off', 'corrected')),
    granted_micro_usd bigint NOT NULL,
    spent_micro_usd bigint NOT NULL,
    alert_from int NOT NULL DEFAULT 0,
    alert_to int NOT NULL DEFAULT 0,
    expires timestamptz NOT NULL,
    PRIMARY KEY (holder, serial)) WITH (fillfactor = 50)`,
  `CREATE INDEX budget_leases_open ON budget_leases (tenant, kind, id, month) WHERE state = 'open'`,
  `CREATE TABLE usage_monthly (
    tenant text NOT NULL,
    month text NOT NULL,
    agent text NOT NULL DEFAULT '',
    provider text NOT NULL,
    model text NOT NULL,
    requests bigint NOT NULL DEFAULT 0,
    cached_requests bigint NOT NULL DEFAULT 0,
    tokens_in bigint NOT NULL DEFAULT 0,
    tokens_out bigint NOT NULL DEFAULT 0,
    cost_micro_usd bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, month, agent, provider, model)) WITH (fillfactor = 50)`,
];

/** Keys, agents, budgets and usage. */
export const m0001: Migration = {
  id: 1,
  name: "keys, agents, budgets",
  statements: [...KEYS, ...AGENTS, ...BUDGETS],
};
