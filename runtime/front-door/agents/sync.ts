import type { AgentSpec } from "../../settings/services.ts";
import { CellAgentError, type CellAgents } from "./cell-agents.ts";
import type { AgentStore } from "./store.ts";

/** Whether a tenant's cell runs with its agents as they are kept. */
export type AgentState = "active" | "pending";

/** What became of giving a cell its agents. `refused`: it takes this list at no time. */
export type PushOutcome = AgentState | "refused";

export interface AgentSyncOptions {
  readonly tenants: readonly string[];
  readonly store: Pick<AgentStore, "list">;
  readonly cells: CellAgents;
  readonly notify: (notice: {
    readonly level: "info" | "warn";
    readonly message: string;
    readonly tenant: string;
    readonly error?: unknown;
  }) => void;
  /** @default 30 000 */
  readonly intervalMs?: number;
}

/** So many cells are compared at a time. */
const AT_ONCE = 4;

/**
 * Keeps the agents that cells run with equal to those that are kept: a change is given to its cell at once, and every
 * cell is compared again and again, because a cell may have been down, restored or changed by another replica meanwhile.
 * Replicas do not exclude each other: whoever gave a list that is no longer the newest gives the newest after it.
 */
export class AgentSync {
  readonly #options: AgentSyncOptions;
  /** What each cell was last known to run with. */
  readonly #running = new Map<string, string>();
  /** The end of the line of changes of each tenant. */
  readonly #lines = new Map<string, Promise<PushOutcome>>();
  readonly #failing = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #reconciling: Promise<void> | undefined;
  #closed = false;

  constructor(options: AgentSyncOptions) {
    this.#options = options;
  }

  /** Compares all cells now and every `intervalMs` from now on. Does not wait for them. */
  start(): void {
    const { intervalMs = 30_000 } = this.#options;
    void this.reconcile();
    this.#timer = setInterval(() => void this.reconcile(), intervalMs).unref();
  }

  /** Waits for the cells that are being asked, at most as long as one of them may take. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#reconciling;
    await Promise.all(this.#lines.values());
  }

  /** Gives a tenant's cell the agents as they are kept. Does not throw: what is not `active` is tried again. */
  push(tenant: string): Promise<PushOutcome> {
    const line = this.#lines.get(tenant) ?? Promise.resolve<PushOutcome>("pending");
    const next = line.then(() => this.#give(tenant));
    this.#lines.set(tenant, next);
    return next.finally(() => {
      if (this.#lines.get(tenant) === next) this.#lines.delete(tenant);
    });
  }

  /** Whether the cell runs with these agents; it is asked unless it is known to. */
  async state(tenant: string, agents: readonly AgentSpec[]): Promise<AgentState> {
    if (!this.#options.cells.has(tenant)) return "active";
    const wanted = formOf(agents);
    if (this.#running.get(tenant) === wanted) return "active";
    try {
      const running = formOf(await this.#options.cells.get(tenant));
      this.#running.set(tenant, running);
      return running === wanted ? "active" : "pending";
    } catch (error) {
      this.#failed(tenant, error);
      return "pending";
    }
  }

  /** Compares every cell with what is kept, and gives it what it lacks. One round at a time. */
  reconcile(): Promise<void> {
    this.#reconciling ??= this.#reconcileAll().finally(() => {
      this.#reconciling = undefined;
    });
    return this.#reconciling;
  }

  async #reconcileAll(): Promise<void> {
    const { cells } = this.#options;
    const waiting = this.#options.tenants.filter((tenant) => cells.has(tenant));
    const worker = async (): Promise<void> => {
      for (let tenant = waiting.pop(); tenant !== undefined && !this.#closed; tenant = waiting.pop()) {
        await this.#compare(tenant);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  async #compare(tenant: string): Promise<void> {
    try {
      this.#running.delete(tenant);
      const wanted = await this.#options.store.list(tenant);
      if ((await this.state(tenant, wanted)) === "active") this.#succeeded(tenant);
      else await this.push(tenant);
    } catch (error) {
      this.#failed(tenant, error);
    }
  }

  /** Gives what is kept until it is what was given: a change made meanwhile must not be lost to this one. */
  async #give(tenant: string): Promise<PushOutcome> {
    const { store, cells } = this.#options;
    try {
      let given: string | undefined;
      for (;;) {
        const agents = (await store.list(tenant)).map(specOf);
        const wanted = formOf(agents);
        if (wanted === given) break;
        this.#running.delete(tenant);
        await cells.put(tenant, agents);
        given = wanted;
        this.#running.set(tenant, wanted);
      }
      this.#succeeded(tenant);
      return "active";
    } catch (error) {
      this.#failed(tenant, error);
      return error instanceof CellAgentError && error.refused ? "refused" : "pending";
    }
  }

  #failed(tenant: string, error: unknown): void {
    if (this.#failing.has(tenant)) return;
    this.#failing.add(tenant);
    const message = "a cell does not run with its agents; it is tried again";
    this.#options.notify({ level: "warn", message, tenant, error });
  }

  #succeeded(tenant: string): void {
    if (this.#failing.delete(tenant)) {
      this.#options.notify({ level: "info", message: "a cell runs with its agents again", tenant });
    }
  }
}

/** What the cell is told of an agent, field by field: rows hold more. */
function specOf({ id, name, instructions, skills }: AgentSpec): AgentSpec {
  return { id, name, instructions, skills };
}

/** Two lists are the same when their forms are: order of agents does not count, order of skills does. */
function formOf(agents: readonly AgentSpec[]): string {
  const byId = [...agents].sort((a, b) => (a.id < b.id ? -1 : 1));
  return JSON.stringify(byId.map(specOf));
}
