import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { agentProblems, type CellAgent, type MergedAgents, mergeAgents, parseBaseConfig } from "../cell/agents.ts";
import { type ConfiguredAgent, configuredAgents } from "../cell/plugins/cell-guard/configured-agents.ts";
import type { Problem } from "../problems/index.ts";
import { type AgentSpec, type CellAgentSettings, DEFAULT_AGENT } from "../settings/services.ts";
import { type AgentsFile, readAgentsFile, writeAgentsFile } from "./agents-file.ts";
import { replaceFile } from "./durable-file.ts";
import { type Connect, eraseAgent, onGateway, runningAgents } from "./gateway.ts";

/** What the store needs of the world; tests pass their own. */
export interface AgentStoreDeps {
  readonly files: CellAgentSettings["config"];
  readonly connect: Connect;
  readonly sleep: (ms: number) => Promise<void>;
  /** Monotonic. */
  readonly nowMs: () => number;
  readonly log: (level: "info" | "warn", message: string, fields: object) => void;
}

/** Why a list of agents is not in force. */
export type ReplaceRefusal =
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] }
  | { readonly kind: "erasing"; readonly ids: readonly string[] }
  | { readonly kind: "unavailable"; readonly reason: string };

/** How long OpenClaw may take to run with a new list: a reload took 1.5 s, a start on a busy machine 26 s. */
export const APPLY_TIMEOUT_MS = 30_000;
const POLL_MS = 250;

/**
 * The agents of the tenant: kept on disk, merged into the configuration that OpenClaw reads, and in force only when
 * OpenClaw says so. One change at a time.
 */
export class AgentStore {
  readonly #deps: AgentStoreDeps;
  #state: AgentsFile = { agents: [], erasing: [] };
  /** Ends when the change before it is done. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: AgentStoreDeps) {
    this.#deps = deps;
  }

  /** Writes what OpenClaw waits for. @throws ProblemError `agents/unreadable`; ZodError when the base is no configuration. */
  async start(): Promise<void> {
    this.#state = await readAgentsFile(this.#deps.files.agents_file);
    await this.#writeErasing();
    await this.#write(this.#state.agents);
  }

  get agents(): readonly AgentSpec[] {
    return this.#state.agents.map(({ generation: _, ...spec }) => spec);
  }

  /**
   * Makes OpenClaw run with these agents and no other. When it does not within {@link APPLY_TIMEOUT_MS}, the
   * configuration before is put back, so that a list OpenClaw cannot take never keeps it from starting.
   *
   * @returns undefined when the list is in force and on disk.
   */
  replace(agents: readonly AgentSpec[]): Promise<ReplaceRefusal | undefined> {
    return this.#inTurn(() => this.#replace(agents));
  }

  /** Goes on erasing deleted agents, and forgets those of which nothing is left. Called when OpenClaw gets ready. */
  tidy(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state.erasing.length > 0) await this.#erase();
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #replace(agents: readonly AgentSpec[]): Promise<ReplaceRefusal | undefined> {
    const problems = agentProblems(await this.#base(), agents);
    if (problems.length > 0) return { kind: "invalid", problems };
    const erasing = agents.map(({ id }) => id).filter((id) => this.#state.erasing.includes(id));
    if (erasing.length > 0) return { kind: "erasing", ids: erasing };

    const generations = new Map(this.#state.agents.map(({ id, generation }) => [id, generation]));
    const next = agents.map((spec) => ({ ...spec, generation: generations.get(spec.id) ?? newGeneration() }));
    const wanted = await this.#write(next);
    const reason = await this.#applied(wanted);
    if (reason !== undefined) {
      await this.#write(this.#state.agents);
      return { kind: "unavailable", reason };
    }
    const ids = agents.map(({ id }) => id);
    const deleted = this.#state.agents.map(({ id }) => id).filter((id) => !ids.includes(id) && id !== DEFAULT_AGENT);
    try {
      await this.#remember({ agents: next, erasing: [...this.#state.erasing, ...deleted] });
    } catch (error) {
      await this.#write(this.#state.agents);
      throw error;
    }
    // In a turn of its own: thousands of sessions take longer than a caller waits.
    if (deleted.length > 0) this.tidy().catch((error: unknown) => this.#notErased(error));
    return undefined;
  }

  async #base() {
    return parseBaseConfig(JSON.parse(await readFile(this.#deps.files.base_file, "utf8")));
  }

  /** The guard's part first: an agent must not answer before it has its instructions. */
  async #write(agents: readonly CellAgent[]): Promise<MergedAgents> {
    const { merged_file } = this.#deps.files;
    const merged = mergeAgents(await this.#base(), agents);
    await replaceFile(join(dirname(merged_file), "agents.json"), JSON.stringify(merged.told));
    await replaceFile(merged_file, JSON.stringify(merged.config));
    return merged;
  }

  /** Undefined when OpenClaw runs with these agents, otherwise why that cannot be said. */
  async #applied({ config, told }: MergedAgents): Promise<string | undefined> {
    const wanted = inOrder(configuredAgents(config));
    const { connect, nowMs, sleep } = this.#deps;
    const deadline = nowMs() + APPLY_TIMEOUT_MS;
    for (;;) {
      let reason: string;
      try {
        const running = await onGateway(connect, ["operator.read"], runningAgents);
        if (running.revision === told.revision && inOrder(running.agents) === wanted) return undefined;
        reason = "OpenClaw still runs with another configuration";
      } catch (error) {
        reason = error instanceof Error ? `gateway: ${error.message}` : "gateway: unknown error";
      }
      if (nowMs() >= deadline) return reason;
      await sleep(POLL_MS);
    }
  }

  /** What fails here is tried again when OpenClaw gets ready: until nothing is left, the ids stay in `erasing`. */
  async #erase(): Promise<void> {
    const { connect, log } = this.#deps;
    try {
      const left = await onGateway(connect, ["operator.read", "operator.admin"], async (connection) => {
        const before = await runningAgents(connection);
        for (const id of this.#state.erasing) if (before.agentsWithData.includes(id)) await eraseAgent(connection, id);
        return (await runningAgents(connection)).agentsWithData;
      });
      const erasing = this.#state.erasing.filter((id) => left.includes(id));
      if (erasing.length < this.#state.erasing.length) await this.#remember({ ...this.#state, erasing });
      if (erasing.length > 0) log("info", "databases of deleted agents go at the next start of OpenClaw", { erasing });
    } catch (error) {
      this.#notErased(error);
    }
  }

  #notErased(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#deps.log("warn", "deleted agents not erased yet", { reason });
  }

  async #remember(state: AgentsFile): Promise<void> {
    await writeAgentsFile(this.#deps.files.agents_file, state);
    this.#state = state;
    await this.#writeErasing();
  }

  /** For start-cell, which removes what OpenClaw holds open as long as it runs. */
  async #writeErasing(): Promise<void> {
    const path = join(dirname(this.#deps.files.merged_file), "erase-agents");
    await replaceFile(path, this.#state.erasing.map((id) => `${id}\n`).join(""));
  }
}

function newGeneration(): string {
  return randomBytes(4).toString("hex");
}

/** Agents as one text, the same for the same agents in any order. */
function inOrder(agents: readonly ConfiguredAgent[]): string {
  const lines = agents.map(({ id, name, model, skills }) => JSON.stringify([id, name, model, skills]));
  return lines.sort().join("\n");
}
