import { readFileSync, statSync } from "node:fs";

interface AgentsOfFile {
  readonly revision: string;
  readonly instructions: Readonly<Record<string, string>>;
}

/**
 * What each agent is told before every conversation, from a file that the cell agent replaces. They are no part of the
 * plugin's configuration: OpenClaw 2026.9.6 does not take a new plugin configuration while any agent works ("still has
 * active retained work"), and does not try again.
 *
 * The first reading throws when there is no such file, and then the plugin is not loaded. Later ones keep what was read
 * last when the file cannot be read.
 */
export class AgentInstructions {
  readonly #file: string;
  #seen = "";
  #content: AgentsOfFile;

  constructor(file: string) {
    this.#file = file;
    this.#content = read(file);
  }

  /** Instructions of an agent, by OpenClaw's id; undefined when it has none. */
  of(agent: string): string | undefined {
    const { instructions } = this.#latest();
    return Object.hasOwn(instructions, agent) ? instructions[agent] || undefined : undefined;
  }

  /** Names the content, so that the cell agent sees that it is in force. */
  get revision(): string {
    return this.#latest().revision;
  }

  #latest(): AgentsOfFile {
    const stats = statSync(this.#file, { throwIfNoEntry: false });
    const version = `${stats?.ino}:${stats?.mtimeMs}`;
    if (stats !== undefined && version !== this.#seen) {
      this.#content = read(this.#file);
      this.#seen = version;
    }
    return this.#content;
  }
}

function read(file: string): AgentsOfFile {
  const value: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (isAgentsOfFile(value)) return value;
  throw new TypeError("cell-guard: the agents' file has another shape");
}

function isAgentsOfFile(value: unknown): value is AgentsOfFile {
  if (typeof value !== "object" || value === null) return false;
  const { revision, instructions } = value as Record<string, unknown>;
  if (typeof revision !== "string" || typeof instructions !== "object" || instructions === null) return false;
  return Object.values(instructions).every((text) => typeof text === "string");
}
