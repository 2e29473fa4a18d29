import { createHash } from "node:crypto";
import { z } from "zod";
import type { Problem } from "../problems/index.ts";
import { type AgentSpec, DEFAULT_AGENT } from "../settings/services.ts";
import { CELL_PATHS } from "./config.ts";

/** What OpenClaw calls the agent that every tenant has. */
export const OPENCLAW_DEFAULT_AGENT = "main";

/** Most agents of one cell. Each that is spoken to keeps databases open; a tenant's own limit is `max_agents`. */
export const MAX_AGENTS = 100;

/** Ids that OpenClaw 2026.9.6 keeps for itself. */
export const RESERVED_IDS: readonly string[] = [OPENCLAW_DEFAULT_AGENT, "openclaw", "crestodian"];

/** The parts of a rendered configuration that agents change; the rest passes through. */
const BaseConfig = z.looseObject({
  models: z.looseObject({
    providers: z.looseObject({ router: z.looseObject({ models: z.tuple([z.looseObject({ id: z.string() })]) }) }),
  }),
  agents: z.looseObject({ defaults: z.looseObject({ skills: z.array(z.string()) }) }),
});

/** A rendered configuration of a cell, as `renderCellConfig` makes it. */
export type BaseConfig = z.output<typeof BaseConfig>;

/** Reads a rendered configuration. @throws ZodError when it is none. */
export function parseBaseConfig(value: unknown): BaseConfig {
  return BaseConfig.parse(value);
}

/** An agent as a cell keeps it. */
export interface CellAgent extends AgentSpec {
  /**
   * Eight hex digits, made when the agent was created: OpenClaw 2026.9.6 refuses to work in a folder that it has used
   * and that is empty now, so an agent of the id of a deleted one gets another folder.
   */
  readonly generation: string;
}

/** What a cell runs with. */
export interface MergedAgents {
  /** For OpenClaw. */
  readonly config: Readonly<Record<string, unknown>>;
  /** For the guard: what each agent is told, by OpenClaw's id, and a hash of it. */
  readonly told: { readonly revision: string; readonly instructions: Readonly<Record<string, string>> };
}

/**
 * Puts a tenant's agents into its cell's configuration. The default agent is always there and keeps OpenClaw's name for
 * it; what the list says of it changes only its name, instructions and skills. Each agent has a workspace and so a
 * memory of its own, and a model of its own name, from which the model router knows which agent asks. Sandbox and tools
 * are those of the default agent. Only `agents` and `models` change, which OpenClaw takes while agents work. Pure.
 */
export function mergeAgents(base: BaseConfig, agents: readonly CellAgent[]): MergedAgents {
  const own = agents.filter(({ id }) => id !== DEFAULT_AGENT);
  const entries = { [OPENCLAW_DEFAULT_AGENT]: defaultEntry(agents), ...byId(own, entryOf) };
  // OpenClaw's mark of a configuration in which no agent stands for the others.
  const ownership = own.length > 0 ? { ownership: "explicit" } : {};
  const instructions = byId(agents, (spec) => spec.instructions);
  return {
    config: { ...base, models: withModels(base, own), agents: { ...base.agents, ...ownership, entries } },
    told: { revision: createHash("sha256").update(JSON.stringify(instructions)).digest("hex"), instructions },
  };
}

/** Everything that is wrong with a list of agents for this cell; empty when nothing is. */
export function agentProblems(base: BaseConfig, agents: readonly AgentSpec[]): readonly Problem[] {
  const skills = base.agents.defaults.skills;
  return agents.flatMap(({ id, skills: wanted }, index) => {
    const path = `agents[${index}]`;
    const problems: Problem[] = [];
    if (agents.findIndex((other) => other.id === id) < index) {
      problems.push({
        code: "agents/duplicate-id",
        path: `${path}.id`,
        got: `"${id}" a second time`,
        expected: "each id once",
        remedy: "give one of them another id",
      });
    }
    if (RESERVED_IDS.includes(id)) {
      problems.push({
        code: "agents/reserved-id",
        path: `${path}.id`,
        got: `"${id}"`,
        expected: "an id that OpenClaw does not keep for itself",
        remedy: "choose another id",
      });
    }
    for (const [at, skill] of (wanted ?? []).entries()) {
      if (skills.includes(skill)) continue;
      problems.push({
        code: "agents/unknown-skill",
        path: `${path}.skills[${at}]`,
        got: "a skill that the tenant does not have",
        expected: `one of ${skills.join(", ") || "none: the tenant has no skills"}`,
        remedy: "leave it out, or allow the skill to the tenant",
      });
    }
    return problems;
  });
}

function defaultEntry(agents: readonly CellAgent[]) {
  const spec = agents.find(({ id }) => id === DEFAULT_AGENT);
  return {
    workspace: `${CELL_PATHS.state}/workspace`,
    ...(spec === undefined ? {} : { name: spec.name, ...skillsOf(spec) }),
  };
}

function entryOf(spec: CellAgent) {
  return {
    name: spec.name,
    workspace: `${CELL_PATHS.state}/workspace-${spec.id}-${spec.generation}`,
    model: { primary: `router/${modelOf(spec)}` },
    ...skillsOf(spec),
  };
}

function skillsOf({ skills }: AgentSpec) {
  return skills === null ? {} : { skills };
}

function modelOf({ id }: AgentSpec): string {
  return `agent-${id}`;
}

/** An agent's model differs from the default agent's by name only. */
function withModels({ models }: BaseConfig, own: readonly CellAgent[]) {
  const { router } = models.providers;
  const [template] = router.models;
  const added = own.map((spec) => ({ ...template, id: modelOf(spec), name: modelOf(spec) }));
  return {
    ...models,
    providers: { ...models.providers, router: { ...router, models: [template, ...added] } },
  };
}

/** By OpenClaw's id. */
function byId<T>(agents: readonly CellAgent[], value: (spec: CellAgent) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(agents.map((spec) => [openclawId(spec.id), value(spec)]));
}

/** What OpenClaw calls an agent. */
export function openclawId(id: string): string {
  return id === DEFAULT_AGENT ? OPENCLAW_DEFAULT_AGENT : id;
}
