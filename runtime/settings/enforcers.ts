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
    by: "settings: refuse architecture B on a public cloud",
    where: "runtime/settings/semantics.ts",
    attack: "test/unit/runtime/settings/refusals.test.ts",
    limits: "models outside the company network are not told apart yet",
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
    by: "model router: one provider and model for each tenant",
    where: "runtime/router",
    attack: "test/unit/runtime/router/router.test.ts",
  },
  tokenCap: {
    by: "model router: caps max_tokens of every request",
    where: "runtime/router/rewrite.ts",
    attack: "test/unit/runtime/router/router.test.ts",
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
    limits: "prunes sessions; memory files and the audit log are kept until the retention job exists",
  },
  runtimeClass: {
    by: "RuntimeClass of the sandbox pod",
    where: "components/agents/sandbox.ts",
    attack: "verify: sandbox/own-kernel",
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
    limits: "records whatever is set, not what a script starts by itself, and is not shipped yet",
  },
  roles: {
    by: "front door: permission of the key's role for each route",
    where: "runtime/front-door/permissions.ts",
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
} as const satisfies Readonly<Record<string, Enforced>>;

/** The issues that will enforce what this release only accepts. */
export const COMING = {
  frontDoor: "comes with the complete front door and model router",
  topologies: "comes with the cloud and DGX topologies",
  policy: "comes with policy as code and compliance evidence",
} as const;
