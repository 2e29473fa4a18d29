import { z } from "zod";
import { refuse } from "../problems/index.ts";
import { AgentSpec } from "../settings/services.ts";
import { readFileIfThere, replaceFile } from "./durable-file.ts";

const AgentsFile = z.strictObject({
  agents: z.array(AgentSpec.extend({ generation: z.string().regex(/^[0-9a-f]{8}$/) })),
  /** Deleted agents of which data still lies in the cell; their ids cannot be used again before it is gone. */
  erasing: z.array(AgentSpec.shape.id),
});

/** What the cell agent remembers of a tenant's agents. */
export type AgentsFile = z.output<typeof AgentsFile>;

/**
 * Reads the list of agents; empty at the first start.
 * @throws ProblemError `agents/unreadable`: with a damaged list agents would vanish, so the cell does not start.
 */
export async function readAgentsFile(path: string): Promise<AgentsFile> {
  const text = await readFileIfThere(path);
  if (text === undefined) return { agents: [], erasing: [] };
  try {
    return AgentsFile.parse(JSON.parse(text));
  } catch (cause) {
    return refuse(
      {
        code: "agents/unreadable",
        path,
        got: cause instanceof SyntaxError ? "no JSON" : "another shape",
        expected: "the list of agents that the cell agent wrote",
        remedy: "restore it from a backup, or remove it and send the agents again",
      },
      { cause },
    );
  }
}

export async function writeAgentsFile(path: string, content: AgentsFile): Promise<void> {
  await replaceFile(path, `${JSON.stringify(content)}\n`);
}
