import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderCellConfig } from "@breakwater/runtime/cell";
import { configuredAgents } from "../../../../runtime/cell/plugins/cell-guard/configured-agents.ts";
import { AgentStore } from "../../../../runtime/cell-agent/agent-store.ts";
import type { Connect, Scope } from "../../../../runtime/cell-agent/gateway.ts";
import type { AgentSpec } from "../../../../runtime/settings/services.ts";
import { cellArgs } from "../cell/sample.ts";

/** A cell with an OpenClaw of which a test says how it behaves. */
export class FakeCell {
  readonly folder = mkdtempSync(join(tmpdir(), "breakwater-cell-agent-"));
  readonly files = {
    base_file: join(this.folder, "base.json"),
    merged_file: join(this.folder, "run/openclaw.json"),
    agents_file: join(this.folder, "agent/agents.json"),
  };
  readonly logged: string[] = [];
  readonly calls: string[] = [];
  readonly scopes: (readonly Scope[])[] = [];
  /** Whether the gateway takes connections. */
  up = true;
  /** Whether OpenClaw takes a new configuration. */
  reloads = true;
  /** Sessions by agent, and agents with a database. */
  readonly sessions: Record<string, string[]> = {};
  agentsWithData: string[] = [];
  /** What {@link AgentStore} waited, in ms. */
  waitedMs = 0;
  readonly #stores: AgentStore[] = [];
  #running: { agents: unknown; revision: unknown } | undefined;

  constructor() {
    mkdirSync(join(this.folder, "run"));
    mkdirSync(join(this.folder, "agent"));
    writeFileSync(this.files.base_file, JSON.stringify(renderCellConfig(cellArgs())));
  }

  /** A cell agent at its start. */
  async start(): Promise<AgentStore> {
    const store = new AgentStore({
      files: this.files,
      connect: this.connect,
      sleep: async (ms) => {
        this.waitedMs += ms;
      },
      nowMs: () => this.waitedMs,
      log: (level, message) => this.logged.push(`${level} ${message}`),
    });
    await store.start();
    this.#stores.push(store);
    return store;
  }

  /** Removes everything once no store writes any more. */
  async remove(): Promise<void> {
    for (const store of this.#stores) await store.tidy();
    rmSync(this.folder, { recursive: true });
  }

  readonly connect: Connect = async (scopes) => {
    this.scopes.push(scopes);
    if (!this.up) throw new Error("no connection");
    return { call: async (method, params) => this.#answer(method, params), close: () => undefined, closed: never };
  };

  #answer(method: string, params: object): unknown {
    const { agent, agentId, key } = params as { agent?: string; agentId?: string; key?: string };
    if (method !== "cell-guard.status") this.calls.push([method, agent ?? agentId ?? key].join(" "));
    if (method === "sessions.list")
      return { sessions: (this.sessions[agentId ?? ""] ?? []).map((one) => ({ key: one })) };
    if (method === "sessions.delete") {
      for (const id of Object.keys(this.sessions))
        this.sessions[id] = (this.sessions[id] ?? []).filter((s) => s !== key);
      return {};
    }
    if (method === "cell-guard.erase") return { erased: true };
    if (this.reloads || this.#running === undefined) {
      const told = readJson(join(this.folder, "run/agents.json")) as { revision: string };
      this.#running = { agents: configuredAgents(readJson(this.files.merged_file)), revision: told.revision };
    }
    return { ...this.#running, agentsWithData: this.agentsWithData };
  }
}

const never = new Promise<string>(() => {});

/** The JSON of a file. */
export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** An agent as the front door sends it. */
export function spec(changes: Partial<AgentSpec> = {}): AgentSpec {
  return { id: "support", name: "Support", instructions: "", skills: null, ...changes };
}
