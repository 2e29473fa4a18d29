import type { Enforced } from "./leaf.ts";

/**
 * The things that make settings true, each with the file that holds it and the check that attacks it.
 * Sections refer to these by name, so a moved file or a renamed check is corrected here once.
 */
export const ENFORCERS = {
  planRefusal: {
    by: "plan: refuses what is not built",
    where: "stacks/deploy.ts",
    attack: "test/unit/stacks/program.test.ts",
  },
  architectureRefusal: {
    by: "settings: under B no public cloud and no model outside; the model router keeps to it through every fallback",
    where: "runtime/settings/model-rules.ts",
    attack: "test/unit/runtime/settings/residency.test.ts",
  },
  tenantNamespace: {
    by: "one Namespace tenant-<id> with quota and default-deny NetworkPolicies",
    where: "components/agents/tenant.ts",
    attack: "verify: memory/isolated, sandbox/reaches-nothing, cell/reaches-only-its-own",
  },
  skillList: {
    by: "OpenClaw agents.defaults.skills and the skill files in the cell",
    where: "runtime/cell/config.ts",
    attack: null,
    limits: "the list shapes the prompt; what a tool may do is limited by the sandbox, not by the skill list",
  },
  modelRouter: {
    by: "model router: reaches no model but those of the tenant's own list",
    where: "runtime/router",
    attack: "test/unit/runtime/router/router.test.ts",
  },
  tokenCap: {
    by: "model router: caps max_tokens of every request",
    where: "runtime/router/chat/request.ts",
    attack: "test/unit/runtime/router/money.test.ts",
  },
  providerKey: {
    by: "model router: key read from a mounted file that no cell has",
    where: "runtime/router",
    attack: "test/unit/runtime/router/router.test.ts",
  },
  sessionPruning: {
    by: "OpenClaw session.maintenance.pruneAfter",
    where: "runtime/cell/config.ts",
    attack: null,
    limits: "prunes sessions and not memory files; the audit log has a retention of its own",
  },
  runtimeClass: {
    by: "RuntimeClass of the sandbox pod",
    where: "components/agents/sandbox.ts",
    attack: "verify: sandbox/own-kernel, tenant/pods-admitted",
  },
  sandboxTmpfs: {
    by: "memory-backed volumes of the sandbox pod with a size limit",
    where: "components/agents/sandbox.ts",
    attack: "test/cluster/limits.test.ts",
    limits: "the files count as memory of the pod: a size that max_memory_mb does not leave room for is cut down",
  },
  readOnlyRoot: {
    by: "read-only root file system of the sandbox pod",
    where: "components/agents/sandbox.ts",
    attack: "test/cluster/limits.test.ts",
    limits: "everything outside the writable volumes is read-only; these exact paths are not compared with the list",
  },
  sandboxEgress: {
    by: "NetworkPolicy: a sandbox opens no connection",
    where: "components/agents/sandbox.ts",
    attack: "verify: sandbox/reaches-nothing",
  },
  sandboxCpuTime: {
    by: "RLIMIT_CPU of every command that sshd starts",
    where: "runtime/sandbox/start-sandbox",
    attack: "test/cluster/limits.test.ts",
    limits: "each process has its own clock, so that a command may use more by starting others",
  },
  sandboxWallTime: {
    by: "timekeeper, the first process of the sandbox: kills what carries a deadline that is past",
    where: "runtime/sandbox/timekeeper",
    attack: "verify: sandbox/time-is-up",
    limits:
      "a guest kernel of Kata without Yama lets a command trace the next one before that has its deadline; gVisor does not",
  },
  sandboxMemory: {
    by: "memory limit of the sandbox container",
    where: "components/agents/sandbox.ts",
    attack: "test/cluster/limits.test.ts",
  },
  cellGuard: {
    by: "cell-guard plugin in OpenClaw (before_tool_call)",
    where: "runtime/cell/plugins/cell-guard/blocked-commands.ts",
    attack: "test/cluster/limits.test.ts",
    limits: "compares text: a script or a renamed binary gets past it; the sandbox walls are what holds",
  },
  toolAudit: {
    by: "cell-guard plugin in OpenClaw: a record of each tool call in the cell",
    where: "runtime/cell/plugins/cell-guard/tool-audit.ts",
    attack: "test/cluster/limits.test.ts",
    limits: "records whatever is set, and not what a script starts by itself",
  },
  roles: {
    by: "front door: permission of the key's role for each route",
    where: "runtime/front-door/access/permissions.ts",
    attack: "test/unit/runtime/identity/permissions.test.ts",
  },
  frontDoorPod: {
    by: "Deployment and Service of the front door",
    where: "components/agents/front-door.ts",
    attack: "test/unit/components/agents/shared-parts.test.ts",
  },
  bodyLimit: {
    by: "front door: refuses a larger body with 413",
    where: "runtime/front-door/app.ts",
    attack: "test/unit/runtime/front-door/requests.test.ts",
  },
  cellPod: {
    by: "StatefulSet of the cell",
    where: "components/agents/cell.ts",
    attack: "test/unit/components/agents/cell.test.ts",
  },
  routerPod: {
    by: "Deployment and Service of the model router",
    where: "components/agents/router.ts",
    attack: "test/unit/components/agents/router.test.ts",
  },
  database: {
    by: "StatefulSet of PostgreSQL with a volume of its own",
    where: "components/agents/postgres.ts",
    attack: "verify: database/walled",
  },
  agentCount: {
    by: "front door: refuses to create one agent too many",
    where: "runtime/front-door",
    attack: "test/unit/runtime/front-door/agents.test.ts",
  },
  limits: {
    by: "front door: 429 with Retry-After, per key and per tenant",
    where: "runtime/limits",
    attack: "test/unit/runtime/limits/limiter.test.ts",
    limits: "each replica grants its part, so that an uneven load is stopped a little early",
  },
  budget: {
    by: "model router: reserves the worst case before a call and settles what it cost",
    where: "runtime/budget",
    attack: "test/unit/runtime/router/money.test.ts",
  },
  keyBudget: {
    by: "model router: reserves the worst case before a call and settles what it cost",
    where: "runtime/budget",
    attack: "test/unit/runtime/router/money.test.ts",
    limits: "which key asks is told by the cell: one that was taken over can name another key of its own tenant",
  },
  budgetAlerts: {
    by: "model router: one alert for each share and month",
    where: "runtime/budget",
    attack: "test/unit/runtime/budget/interleavings.test.ts",
    limits:
      "on topology local written to the log and the audit log only; elsewhere Alertmanager tells people, from metrics that are close to the ledger and not exact",
  },
  prices: {
    by: "settings and model router: a model without a price is refused unless allowed",
    where: "runtime/prices",
    attack: "test/unit/runtime/router/money.test.ts",
  },
  residency: {
    by: "settings: refuse a provider that the data class or the jurisdictions do not allow; the model router checks again",
    where: "runtime/router/providers/residency.ts",
    attack: "test/unit/runtime/router/residency.test.ts",
  },
  domesticModels: {
    by: "settings: refuse every model of a maker abroad or of nobody known, also as fallback, cheap first, internal or on own GPUs; the model router reaches providers in China alone",
    where: "runtime/settings/maker-rules.ts",
    attack: "test/unit/runtime/settings/state-owned.test.ts",
    limits: "a model is what its name says; weights are not looked into",
  },
  homeOfData: {
    by: "plan: refuses another country than the region's; placement and policies keep the law of this one",
    where: "stacks/placement/jurisdiction.ts",
    attack: "test/unit/stacks/placement/residency.test.ts",
  },
  receiverPlace: {
    by: "plan: refuses a receiver of audit records that the tenants' data may not go to, or whose country nobody says",
    where: "stacks/placement/receivers.ts",
    attack: "test/unit/stacks/placement/residency.test.ts",
    limits: "what is written of a host that Breakwater does not know is believed",
  },
  fallback: {
    by: "model router: next provider of the chain, retries within their share, circuit breaker",
    where: "runtime/router",
    attack: "test/unit/runtime/router/faults.test.ts",
  },
  cheapFirst: {
    by: "model router: the cheap model first, the chain when it cannot answer",
    where: "runtime/router",
    attack: "test/unit/runtime/router/routing.test.ts",
  },
  internalModel: {
    by: "model router: what a rule with action route finds goes to this model",
    where: "runtime/router",
    attack: "test/unit/runtime/router/routing.test.ts",
  },
  cache: {
    by: "model router: encrypted in memory, per tenant, off for tool calls",
    where: "runtime/router",
    attack: "test/unit/runtime/router/cache.test.ts",
  },
  screening: {
    by: "front door and model router: screen requests, replies and tool results; an error refuses the request",
    where: "runtime/screening",
    attack: "verify: screening/redacts",
  },
  auditLog: {
    by: "front door and model router: a record on disk before the answer leaves, or 503",
    where: "runtime/audit",
    attack: "test/unit/runtime/audit/faults.test.ts",
  },
  auditRotation: {
    by: "audit log: rotation by size, retention by age of whole files",
    where: "runtime/audit",
    attack: "test/unit/runtime/audit/log.test.ts",
  },
  auditExport: {
    by: "front door and model router: shipping at least once, with a dead-letter file",
    where: "runtime/audit",
    attack: "test/unit/runtime/audit/ship",
  },
  metrics: {
    by: "front door and model router: /metrics with tenant labels of bounded number",
    where: "runtime/metrics",
    attack: "test/unit/runtime/metrics/service-metrics.test.ts",
  },
  alertRules: {
    by: "PrometheusRules, Alertmanager's receivers and the volume of Prometheus, in the cluster",
    where: "components/monitoring",
    attack: "test/service/alerts.test.ts",
    limits:
      "topology local has no Prometheus; rules were run by Prometheus itself, no cluster has taken the charts yet",
  },
  podLogs: {
    by: "Fluent Bit on every node of the platform's own pods",
    where: "components/monitoring/log-shipping.ts",
    attack: "test/unit/components/monitoring/log-shipping.test.ts",
    limits: "topology local ships none; rendered, no cluster has taken the chart yet",
  },
  monitoringCharts: {
    by: "every Release of monitoring names this mirror and no publisher",
    where: "components/monitoring/charts.ts",
    attack: "test/unit/components/monitoring/monitoring.test.ts",
    limits: "rendered; no cluster has taken the charts yet, and what a chart's own templates name is not in a plan",
  },
  cloudNetwork: {
    by: "private subnets in three zones, one way out through a filter, private endpoints",
    where: "components/aws/network.ts",
    attack: "test/unit/components/aws/network.test.ts",
    limits: "planned and compared with the engine; no cloud account has accepted it yet",
  },
  addressPlan: {
    by: "plan: refuses ranges that overlap or are too small",
    where: "stacks/placement",
    attack: "test/unit/stacks/placement",
  },
  cloudEntry: {
    by: "load balancer with TLS, with a web application firewall where it is public",
    where: "components/aws/entry.ts",
    attack: "test/unit/components/aws/entry.test.ts",
    limits: "planned and compared with the engine; no cloud account has accepted it yet",
  },
  cloudCluster: {
    by: "cluster with a private API server; plan: refuses a version that the cloud or the runtime cannot use",
    where: "components/aws/cluster.ts",
    attack: "test/unit/components/aws/cluster.test.ts",
    limits: "planned and compared with the engine; no cloud account has accepted it yet",
  },
  existingCluster: {
    by: "everything of Kubernetes goes to this cluster and names its classes, its registry and its ranges",
    where: "components/dgx/platform.ts",
    attack: "test/unit/components/dgx/platform.test.ts",
    limits: "rendered; no DGX cluster has run it yet",
  },
  cloudDatabase: {
    by: "managed PostgreSQL, encrypted, TLS only, reachable from the cluster alone",
    where: "components/aws/database.ts",
    attack: "test/unit/components/aws/data.test.ts",
    limits: "planned and compared with the engine; no cloud account has accepted it yet",
  },
  cloudBackup: {
    by: "backups of the database and the volumes",
    where: "components/aws/backup.ts",
    attack: "test/unit/components/aws/data.test.ts",
    limits: "planned and compared with the engine; no cloud account has accepted it yet",
  },
  regions: {
    by: "plan: refuses a region that the cloud does not have, or that lacks what the environment asks for",
    where: "stacks/placement",
    attack: "test/unit/stacks/placement",
  },
  accountServices: {
    by: "plan: leaves out what the account has already",
    where: "stacks/demand.ts",
    attack: "test/unit/stacks/account-services.test.ts",
    limits:
      "that the account really has it is your statement; the rule that asks for it stays violated until an exception names where it is",
  },
  sizes: {
    by: "node pools, database and replicas by number of people",
    where: "stacks/demand.ts",
    attack: "test/unit/stacks/demand.test.ts",
  },
  tags: {
    by: "tags of every resource that has them",
    where: "components/tags.ts",
    attack: "test/unit/components/tags.test.ts",
  },
  gpuFit: {
    by: "plan: refuses a model that does not fit into its GPUs",
    where: "components/inference/sizing.ts",
    attack: "test/unit/components/inference/sizing.test.ts",
  },
  inference: {
    by: "NIMService or vLLM behind NetworkPolicies that let the model router in and nobody else",
    where: "components/inference",
    attack: "test/unit/components/inference",
    limits: "rendered; no GPU has run it yet",
  },
  policies: {
    by: "plan and up: refuse what breaks a mandatory rule; the policy pack does the same in the engine",
    where: "policies/verdict.ts",
    attack: "test/unit/policies/verdict.test.ts",
    limits: "a plan shows what is planned; what is changed by hand afterwards it cannot see",
  },
  costBudget: {
    by: "plan and up: refuse a plan whose expected cost is above the budget; the policy pack does the same in the engine",
    where: "cost/budget.ts",
    attack: "test/unit/cost/budget.test.ts",
    limits: "an estimate by list prices; what the cloud bills is not read",
  },
  estimate: {
    by: "the estimate of plan, cost and the policy pack reckons with it",
    where: "cost/estimate.ts",
    attack: "test/unit/cost/declared.test.ts",
  },
  vault: {
    by: "OpenBao in the cluster, sealed by the cloud's key service",
    where: "components/vault",
    attack: "test/service/vault.test.ts",
  },
  atRest: {
    by: "node disks, volumes, database, buckets, logs and Kubernetes secrets under keys of the environment's own in the cloud's key management",
    where: "components/aws/keys.ts",
    attack: "test/unit/policies/rules/dat.test.ts",
    limits:
      "in the clouds, whatever the setting says, and no account has accepted it yet; disks of a cluster or a machine of your own are as their owner made them",
  },
  transport: {
    by: "TLS between front door, cells, model router, model servers and database, certificates of the environment's own authority",
    where: "runtime/transport",
    attack: "verify: transport/encrypted",
    limits:
      "a NIM speaks plainly; a cloud's database and vLLM choose their suites themselves; the machine's own loopback has none",
  },
} as const satisfies Readonly<Record<string, Enforced>>;

/** What this release accepts and nothing of it makes true, in the words of the ledger. */
export const NOT_BUILT = {
  sso: "not built yet: sign-in by SAML",
  channels: "not built yet: the callback of WeChat Work",
  egress: "not built yet: the egress proxy; until it is, a sandbox reaches nothing at all",
  connectionAudit: "not built yet: records of connections; a sandbox opens none",
  keyCustody:
    "not built yet: keys of disks in Vault or OpenBao; in the clouds they stand in the cloud's key management, whose disks choose their cipher",
} as const;
