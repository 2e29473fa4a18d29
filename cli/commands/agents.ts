import { readFileSync } from "node:fs";
import { Command } from "commander";
import { type CommonOptions, command, printResult } from "../command.ts";
import type { AdminApi } from "../keys/admin-api.ts";
import type { AgentRecord } from "../keys/render.ts";

interface AgentOptions extends CommonOptions {
  readonly tenant: string;
  readonly keyFile?: string;
}

interface ChangeOptions extends AgentOptions {
  readonly name?: string;
  readonly instructionsFile?: string;
  readonly skill?: string[];
  readonly allSkills?: boolean;
}

export function agentsCommand(): Command {
  return new Command("agents")
    .description("Agents of a tenant in a running environment.")
    .addCommand(list())
    .addCommand(create())
    .addCommand(update())
    .addCommand(remove())
    .exitOverride();
}

function list(): Command {
  return agentCommand("list", "Show the agents, and whether the cell runs with them.").action(
    async (name: string, options: AgentOptions) => {
      const api = await open(name, options);
      const { renderAgents } = await import("../keys/render.ts");
      const { body } = await api.ask("/api/agents", { tenant: options.tenant });
      printResult(options, body, () => renderAgents(body as { max_agents: number; agents: AgentRecord[] }));
    },
  );
}

function create(): Command {
  return changeCommand("create", "Make an agent within the tenant's max_agents.").action(
    async (name: string, id: string, options: ChangeOptions) => {
      const api = await open(name, options);
      const { renderAgentChange } = await import("../keys/render.ts");
      const body = { id, ...changeOf(options), name: options.name ?? id };
      const { body: made } = await api.ask("/api/agents", { body, tenant: options.tenant });
      printResult(options, made, () => renderAgentChange(made as AgentRecord, "made"));
    },
  );
}

function update(): Command {
  return changeCommand("update", "Change an agent: what is not named stays.").action(
    async (name: string, id: string, options: ChangeOptions) => {
      const api = await open(name, options);
      const { renderAgentChange } = await import("../keys/render.ts");
      const request = { method: "PATCH", body: changeOf(options), tenant: options.tenant } as const;
      const { body } = await api.ask(`/api/agents/${encodeURIComponent(id)}`, request);
      printResult(options, body, () => renderAgentChange(body as AgentRecord, "changed"));
    },
  );
}

function remove(): Command {
  return agentCommand("delete", "Delete an agent.")
    .argument("<id>", "the agent's id")
    .action(async (name: string, id: string, options: AgentOptions) => {
      const api = await open(name, options);
      const { renderAgentChange } = await import("../keys/render.ts");
      const request = { method: "DELETE", tenant: options.tenant } as const;
      const { body } = await api.ask(`/api/agents/${encodeURIComponent(id)}`, request);
      printResult(options, body, () => renderAgentChange(body as AgentRecord, "deleted"));
    });
}

function agentCommand(name: string, description: string): Command {
  return command(name, description)
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .requiredOption("--tenant <id>", "the tenant whose agents they are")
    .option("--key-file <file>", "the key to ask with; without it the environment's admin key");
}

function changeCommand(name: string, description: string): Command {
  return agentCommand(name, description)
    .argument("<id>", "the agent's id: lower-case letters, digits and -")
    .option("--name <text>", "what people call it")
    .option("--instructions-file <file>", "what it is told before every conversation")
    .option("--skill <name...>", "the skills of the tenant that it has")
    .option("--all-skills", "all skills of the tenant");
}

/** What the options say of an agent; what they do not say is left out. */
function changeOf({ name, instructionsFile, skill, allSkills }: ChangeOptions): Record<string, unknown> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(instructionsFile === undefined ? {} : { instructions: readFileSync(instructionsFile, "utf8") }),
    ...(skill === undefined ? {} : { skills: skill }),
    ...(allSkills === true ? { skills: null } : {}),
  };
}

async function open(name: string, { keyFile }: AgentOptions): Promise<AdminApi> {
  const { readEnvironmentFile } = await import("../environment.ts");
  const { AdminApi } = await import("../keys/admin-api.ts");
  return AdminApi.of(readEnvironmentFile(name), keyFile);
}
