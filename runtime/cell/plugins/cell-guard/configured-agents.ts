/** The parts of an agent's entry that change with the tenant's list of agents. */
export interface ConfiguredAgent {
  /** OpenClaw's id. */
  readonly id: string;
  readonly name: string | null;
  readonly model: string | null;
  /** Null: the default of the cell. */
  readonly skills: readonly string[] | null;
}

/** The agents of a configuration of OpenClaw. */
export function configuredAgents(config: unknown): readonly ConfiguredAgent[] {
  const { agents } = (config ?? {}) as { readonly agents?: { readonly entries?: Readonly<Record<string, Entry>> } };
  return Object.entries(agents?.entries ?? {}).map(([id, { name, model, skills }]) => ({
    id,
    name: name ?? null,
    model: model?.primary ?? null,
    skills: skills ?? null,
  }));
}

interface Entry {
  readonly name?: string;
  readonly model?: { readonly primary?: string };
  readonly skills?: readonly string[];
}
