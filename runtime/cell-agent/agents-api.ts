import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { MAX_AGENTS } from "../cell/agents.ts";
import { jsonOrUndefined } from "../json/index.ts";
import { formatProblem, type Problem } from "../problems/index.ts";
import { zodProblems } from "../service/zod-problems.ts";
import { AgentSpec } from "../settings/services.ts";
import type { AgentStore, ReplaceRefusal } from "./agent-store.ts";

/** An answer of the cell agent's HTTP API. */
export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** Largest list that is read, in bytes: {@link MAX_AGENTS} agents with the longest instructions in Chinese take 6 MB. */
export const MAX_BODY_BYTES = 8_388_608;

const AgentList = z.strictObject({ agents: z.array(AgentSpec).max(MAX_AGENTS) });

/** Whether a request carries the token. Compares hashes, so that the time says nothing about it. */
export function carriesToken(authorization: string | undefined, token: string): boolean {
  const given = authorization?.startsWith("Bearer ") ? authorization.slice("Bearer ".length) : "";
  return given !== "" && timingSafeEqual(sha256(given), sha256(token));
}

/** `GET /agents`. */
export function listAgents(store: AgentStore): Answer {
  return { status: 200, body: { agents: store.agents } };
}

/** `PUT /agents`: 200 with the list when OpenClaw runs with it. */
export async function putAgents(store: AgentStore, body: string): Promise<Answer> {
  const input = jsonOrUndefined(body);
  if (input === undefined) return failure(400, "agents/invalid-json", "send one JSON object");
  const parsed = AgentList.safeParse(input);
  if (!parsed.success) {
    const about = { code: "agents/invalid", root: "", remedy: "correct the list of agents" } as const;
    return invalid(zodProblems(parsed.error, input, about));
  }
  const refusal = await store.replace(parsed.data.agents);
  return refusal === undefined ? listAgents(store) : refused(refusal);
}

/** `{error: {code, message}}`, the shape of every refusal. */
export function failure(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

function refused(refusal: ReplaceRefusal): Answer {
  if (refusal.kind === "invalid") return invalid(refusal.problems);
  if (refusal.kind === "unavailable") {
    return failure(503, "agent/unavailable", `${refusal.reason}; the agents before stay in force`);
  }
  const ids = refusal.ids.map((id) => `"${id}"`).join(", ");
  const rest = "data of a deleted agent of this id goes at the next start of the cell; choose another id";
  return failure(409, "agents/being-erased", `${ids}: ${rest}`);
}

function invalid(problems: readonly Problem[]): Answer {
  return failure(400, "agents/invalid", problems.map(formatProblem).join("\n"));
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
