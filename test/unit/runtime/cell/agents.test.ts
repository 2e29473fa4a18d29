import { renderCellConfig } from "@breakwater/runtime/cell";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agentProblems, type CellAgent, mergeAgents, parseBaseConfig } from "../../../../runtime/cell/agents.ts";
import { at, cellArgs } from "./sample.ts";

const base = parseBaseConfig(renderCellConfig(cellArgs()));

function agent(changes: Partial<CellAgent> = {}): CellAgent {
  return { id: "support", name: "Support", instructions: "", skills: null, generation: "0a1b2c3d", ...changes };
}

describe("the agents of a cell", () => {
  test("always have the default agent among them, as OpenClaw calls it, with the tenant's own model", () => {
    for (const agents of [[], [agent()]]) {
      const { config } = mergeAgents(base, agents);
      expect(at(config, "agents.entries.main")).toEqual({ workspace: "/state/workspace" });
      expect(at(config, "agents.defaults.model.primary")).toBe("router/tenant-default");
    }
  });

  test("each have a workspace and a model of their own, which the provider knows", () => {
    const { config } = mergeAgents(base, [agent(), agent({ id: "sales", generation: "ffffffff" })]);
    expect(at(config, "agents.entries.support")).toEqual({
      name: "Support",
      workspace: "/state/workspace-support-0a1b2c3d",
      model: { primary: "router/agent-support" },
    });
    expect(at(config, "agents.entries.sales.workspace")).toBe("/state/workspace-sales-ffffffff");
    const models = at(config, "models.providers.router.models") as { id: string; maxTokens: number }[];
    expect(models.map(({ id }) => id)).toEqual(["tenant-default", "agent-support", "agent-sales"]);
    expect(models.map(({ maxTokens }) => maxTokens)).toEqual([4096, 4096, 4096]);
  });

  test("have the skills that were chosen for them, and the tenant's when none were", () => {
    const { config } = mergeAgents(base, [agent({ skills: ["web-search"] }), agent({ id: "sales", skills: [] })]);
    expect(at(config, "agents.entries.support.skills")).toEqual(["web-search"]);
    expect(at(config, "agents.entries.sales.skills")).toEqual([]);
    expect(at(mergeAgents(base, [agent()]).config, "agents.entries.support")).not.toHaveProperty("skills");
  });

  test("share sandbox and tools: nothing but agents and models differs from the base", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/)), (ids) => {
        const { config } = mergeAgents(
          base,
          ids.map((id) => agent({ id })),
        );
        expect({ ...config, agents: null, models: null }).toEqual({ ...base, agents: null, models: null });
        expect(at(config, "agents.defaults")).toEqual(base.agents.defaults);
        for (const entry of Object.values(at(config, "agents.entries") as object)) {
          expect(entry).not.toHaveProperty("sandbox");
          expect(entry).not.toHaveProperty("tools");
        }
      }),
    );
  });

  test("tell the guard by OpenClaw's ids what each is told, under a name that changes with it", () => {
    const first = mergeAgents(base, [agent({ id: "default", instructions: "A" }), agent({ instructions: "B" })]).told;
    expect(first.instructions).toEqual({ main: "A", support: "B" });
    const second = mergeAgents(base, [agent({ id: "default", instructions: "A" }), agent({ instructions: "C" })]).told;
    expect(second.revision).not.toBe(first.revision);
  });

  test("that are several have no default of OpenClaw's", () => {
    expect(at(mergeAgents(base, []).config, "agents")).not.toHaveProperty("ownership");
    expect(at(mergeAgents(base, [agent({ id: "default" })]).config, "agents")).not.toHaveProperty("ownership");
    expect(at(mergeAgents(base, [agent()]).config, "agents.ownership")).toBe("explicit");
  });

  test("of the default id change its name and skills and nothing else", () => {
    const { config } = mergeAgents(base, [agent({ id: "default", name: "Chief", skills: ["web-search"] })]);
    expect(at(config, "agents.entries")).toEqual({
      main: { workspace: "/state/workspace", name: "Chief", skills: ["web-search"] },
    });
  });
});

describe("a list of agents", () => {
  test("is refused with everything that is wrong with it", () => {
    const problems = agentProblems(base, [agent({ id: "main", skills: ["code-runner"] }), agent(), agent()]);
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "agents/reserved-id agents[0].id",
      "agents/unknown-skill agents[0].skills[0]",
      "agents/duplicate-id agents[2].id",
    ]);
  });

  test("is taken with the default agent and the tenant's skills", () => {
    expect(agentProblems(base, [agent({ id: "default" }), agent({ skills: ["social-media"] })])).toEqual([]);
  });
});
