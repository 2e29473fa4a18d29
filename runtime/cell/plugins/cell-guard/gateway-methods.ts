import { agentsWithData, EraseRefused, eraseAgentData } from "./agent-data.ts";
import type { AgentInstructions } from "./agent-instructions.ts";
import { configuredAgents } from "./configured-agents.ts";
import type { GuardConfig } from "./guard-config.ts";
import type { GatewayCall, OpenClawPluginApi } from "./openclaw-plugin-api.ts";
import { removeDelivered } from "./tool-audit.ts";

/** What the cell agent asks of the guard over the gateway's WebSocket. */
export function registerGatewayMethods(
  api: OpenClawPluginApi,
  { stateFolder, auditFile }: GuardConfig,
  instructions: AgentInstructions,
): void {
  api.registerGatewayMethod(
    "cell-guard.status",
    answering(() => ({
      revision: instructions.revision,
      agents: configuredAgents(api.runtime.config.current()),
      agentsWithData: agentsWithData(stateFolder),
    })),
    { scope: "operator.read" },
  );
  api.registerGatewayMethod(
    "cell-guard.erase",
    answering(({ agent }) => {
      const configured = configuredAgents(api.runtime.config.current()).map(({ id }) => id);
      eraseAgentData(stateFolder, agent, configured);
      return { erased: true };
    }),
    { scope: "operator.admin" },
  );
  api.registerGatewayMethod(
    "cell-guard.delivered",
    answering(({ number, first }) => {
      if (!Number.isSafeInteger(number) || typeof first !== "string")
        throw new TypeError("number and first are missing");
      return { removed: removeDelivered(auditFile, number as number, first) };
    }),
    { scope: "operator.write" },
  );
}

function answering(answer: (params: Readonly<Record<string, unknown>>) => object): (call: GatewayCall) => void {
  return ({ params, respond }) => {
    try {
      respond(true, answer((params ?? {}) as Record<string, unknown>));
    } catch (error) {
      const code = error instanceof EraseRefused || error instanceof TypeError ? "INVALID_REQUEST" : "UNAVAILABLE";
      respond(false, undefined, { code, message: error instanceof Error ? error.message : "failed" });
    }
  };
}
