import { table } from "../table.ts";

/** A key's record, as far as it is shown here. */
export interface KeyRecord {
  readonly id: string;
  readonly tenant: string | null;
  readonly role: string;
  readonly label: string | null;
  readonly expires: string | null;
  readonly status: string;
  readonly accepted_until: string | null;
  readonly source: string;
}

/** Whether every replica works with a change, as the front door says it. */
export interface Effect {
  readonly effective: "now" | "pending";
  readonly replicas_missing?: number;
}

/** A key that was made just now. */
export interface NewKey extends Effect {
  readonly key: string;
  readonly record: KeyRecord;
  readonly replaced?: KeyRecord;
}

/** One agent, as far as it is shown here. */
export interface AgentRecord {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  readonly skills: readonly string[] | null;
  readonly state: "active" | "pending";
}

export function renderKeys(keys: readonly KeyRecord[]): string {
  const rows = keys.map(({ id, tenant, role, status, accepted_until, expires, source, label }) => [
    id,
    tenant ?? "(none)",
    role,
    accepted_until === null || status !== "replaced" ? status : `until ${minute(accepted_until)}`,
    expires === null ? "never" : minute(expires),
    source,
    label ?? "",
  ]);
  return table(["ID", "TENANT", "ROLE", "STATUS", "EXPIRES", "MADE BY", "LABEL"], rows);
}

/** The key stands alone on the first line, so that it can be cut out; what must be known of it follows. */
export function renderNewKey({ key, record, replaced, ...effect }: NewKey): string {
  const lines = [
    key,
    "",
    "This is the only time that the key is shown: keep it where secrets are kept.",
    `id ${record.id}, role ${record.role}, tenant ${record.tenant ?? "(none)"}, expires ${record.expires ?? "never"}`,
  ];
  if (replaced !== undefined) {
    const until = replaced.accepted_until;
    lines.push(
      `${replaced.id}, which it replaces, is ${until === null ? "refused from now on" : `accepted until ${until}`}`,
    );
  }
  return [...lines, effectText(effect)].join("\n");
}

export function renderRevoked({ record, ...effect }: { readonly record: KeyRecord } & Effect): string {
  return `${record.id} is refused from now on\n${effectText(effect)}`;
}

function effectText({ effective, replicas_missing }: Effect): string {
  if (effective === "now") return "every replica of the front door works with it";
  return `PENDING: ${replicas_missing} of the front door's replicas did not confirm it yet; it is stored`;
}

export function renderAgents({
  max_agents,
  agents,
}: {
  readonly max_agents: number;
  readonly agents: readonly AgentRecord[];
}): string {
  const rows = agents.map(({ id, name, model, skills, state }) => [
    id,
    name,
    model,
    state,
    skills === null ? "(all of the tenant)" : skills.join(", ") || "(none)",
  ]);
  return `${table(["ID", "NAME", "MODEL", "STATE", "SKILLS"], rows)}\n\n${agents.length} of ${max_agents} agents`;
}

/** @param what happened, such as "made" */
export function renderAgentChange({ id, state }: Pick<AgentRecord, "id" | "state">, what: string): string {
  if (state === "active") return `${id} is ${what}`;
  return `${id} is ${what}\nPENDING: its cell does not run with it yet; the front door goes on trying`;
}

function minute(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")}Z`;
}
