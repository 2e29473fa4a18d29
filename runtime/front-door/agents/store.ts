import { z } from "zod";
import { RESERVED_IDS } from "../../cell/agents.ts";
import { AgentSpec, DEFAULT_AGENT } from "../../settings/services.ts";
import type { Database, Queries } from "../../state/index.ts";
import { refusal } from "../errors.ts";

/** One agent as it is kept: what the cell is told of it, and when that changed. */
export const StoredAgent = AgentSpec.extend({
  created: z.coerce.date().transform((date) => date.toISOString()),
  updated: z.coerce.date().transform((date) => date.toISOString()),
});
export type StoredAgent = z.output<typeof StoredAgent>;

/** What of an agent can be changed. */
export interface AgentChange {
  readonly name?: string | undefined;
  readonly instructions?: string | undefined;
  readonly skills?: readonly string[] | null | undefined;
}

const COLUMNS = "id, name, instructions, skills, created, updated";

/** Any number will do, as long as nothing else takes it: changes of one tenant's agents wait for each other. */
const AGENT_LOCK = 74_083;

/** The agents of all tenants, but for the default ones, which every tenant has and nobody changes. */
export class AgentStore {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now: () => Date) {
    this.#database = database;
    this.#now = now;
  }

  /** @param maxAgents of the tenant, its default agent included. @throws Refusal `agent/exists`, `agent/limit`. */
  create(tenant: string, spec: AgentSpec, by: string, maxAgents: number): Promise<StoredAgent> {
    return this.#change(tenant, async (tx) => {
      const ids = (await agentsOf(tx, tenant)).map(({ id }) => id);
      if (ids.includes(spec.id)) throw refusal("agent/exists", "the id of another agent");
      if (ids.length + 1 >= maxAgents) throw refusal("agent/limit", `${maxAgents} agents, the default one among them`);
      const now = this.#now().toISOString();
      const { id, name, instructions, skills } = spec;
      const [row] = await tx.query<object>(
        `insert into agents (tenant, id, name, instructions, skills, created, updated, created_by)
         values ($1, $2, $3, $4, $5::jsonb, $6, $6, $7) returning ${COLUMNS}`,
        [tenant, id, name, instructions, jsonOf(skills), now, by],
      );
      return StoredAgent.parse(row);
    });
  }

  /** @param check sees the agent as it is, in the same transaction. @throws Refusal `agent/not-found` and what it throws. */
  update(tenant: string, id: string, change: AgentChange, check: (before: StoredAgent) => void): Promise<StoredAgent> {
    return this.#change(tenant, async (tx) => {
      const before = (await agentsOf(tx, tenant)).find((agent) => agent.id === id);
      if (before === undefined) throw refusal("agent/not-found", "no agent of this id");
      check(before);
      const { name = before.name, instructions = before.instructions, skills = before.skills } = change;
      const [row] = await tx.query<object>(
        `update agents set name = $3, instructions = $4, skills = $5::jsonb, updated = $6
         where tenant = $1 and id = $2 returning ${COLUMNS}`,
        [tenant, id, name, instructions, jsonOf(skills), this.#now().toISOString()],
      );
      return StoredAgent.parse(row);
    });
  }

  /** @throws Refusal `agent/not-found`, `agent/default`. */
  remove(tenant: string, id: string): Promise<void> {
    return this.#change(tenant, async (tx) => {
      const rows = await tx.query("delete from agents where tenant = $1 and id = $2 returning id", [tenant, id]);
      if (rows.length === 0) throw refusal("agent/not-found", "no agent of this id");
    });
  }

  /** One tenant's agents, by id. */
  list(tenant: string): Promise<readonly StoredAgent[]> {
    return agentsOf(this.#database, tenant);
  }

  /** Everybody's agents, by tenant and id. */
  async all(): Promise<ReadonlyMap<string, readonly StoredAgent[]>> {
    const rows = await this.#database.query<{ tenant: string }>(
      `select tenant, ${COLUMNS} from agents order by tenant, id collate "C"`,
    );
    const byTenant = new Map<string, StoredAgent[]>();
    for (const { tenant, ...row } of rows) {
      const agents = byTenant.get(tenant) ?? [];
      agents.push(StoredAgent.parse(row));
      byTenant.set(tenant, agents);
    }
    return byTenant;
  }

  #change<T>(tenant: string, work: (tx: Queries) => Promise<T>): Promise<T> {
    return this.#database.transaction(async (tx) => {
      await tx.query("select pg_advisory_xact_lock($1, hashtext($2))", [AGENT_LOCK, tenant]);
      const result = await work(tx);
      await tx.query("select pg_notify('agents', $1)", [tenant]);
      return result;
    });
  }
}

/** Whether no agent can have this id: it is the default agent's, or OpenClaw keeps it for itself. */
export function isReserved(id: string): boolean {
  return id === DEFAULT_AGENT || RESERVED_IDS.includes(id);
}

async function agentsOf(db: Queries, tenant: string): Promise<readonly StoredAgent[]> {
  const rows = await db.query<object>(`select ${COLUMNS} from agents where tenant = $1 order by id collate "C"`, [
    tenant,
  ]);
  return rows.map((row) => StoredAgent.parse(row));
}

function jsonOf(skills: readonly string[] | null): string | null {
  return skills === null ? null : JSON.stringify(skills);
}
