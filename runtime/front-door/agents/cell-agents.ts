import { request } from "undici";
import { z } from "zod";
import { AgentSpec } from "../../settings/services.ts";
import type { ClientTls } from "../../transport/tls.ts";
import { trusting } from "../../transport/trusting.ts";

/** The cell agents of all tenants, as far as they manage OpenClaw's agents. */
export interface CellAgents {
  /** Whether the tenant has a cell agent at all. */
  readonly has: (tenant: string) => boolean;
  /** The agents that the cell runs with, the default one left out. @throws {@link CellAgentError} */
  readonly get: (tenant: string) => Promise<readonly AgentSpec[]>;
  /** Gives the cell its agents; returns when OpenClaw runs with them. @throws {@link CellAgentError} */
  readonly put: (tenant: string, agents: readonly AgentSpec[]) => Promise<void>;
}

/** A cell agent that did not do what it was asked. Its words stay out of it: they may quote instructions. */
export class CellAgentError extends Error {
  override readonly name = "CellAgentError";
  /** It will not do it at another time either: the list is at fault, not the moment. */
  readonly refused: boolean;

  constructor(message: string, options: ErrorOptions & { readonly refused?: boolean } = {}) {
    super(message, options);
    this.refused = options.refused === true;
  }
}

/** The cell agent itself gives OpenClaw 30 s to run with a new list, and then goes back to the one before. */
const PUT_TIMEOUT_MS = 35_000;
const GET_TIMEOUT_MS = 3000;
const MAX_ANSWER_BYTES = 4_194_304;

const Answer = z.object({ agents: z.array(AgentSpec) });

/**
 * @param tenants tenant id and address of its cell agent; without one the tenant has its default agent and no other.
 * @param tls what cells are known by. @default they are reached over plain HTTP
 */
export function openCellAgents(
  tenants: readonly { readonly id: string; readonly agent_url: string | undefined }[],
  tokenOf: (tenant: string) => string,
  tls?: ClientTls,
): CellAgents {
  const through = tls === undefined ? {} : { dispatcher: trusting(tls) };
  const urls = new Map(
    tenants.flatMap(({ id, agent_url }) =>
      agent_url === undefined ? [] : [[id, `${agent_url.replace(/\/+$/, "")}/agents`]],
    ),
  );
  const ask = async (tenant: string, timeoutMs: number, body?: string): Promise<string> => {
    const url = urls.get(tenant);
    if (url === undefined) throw new CellAgentError("a tenant without a cell agent");
    const headers = { authorization: `Bearer ${tokenOf(tenant)}`, accept: "application/json" };
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await request(
        url,
        body === undefined
          ? { ...through, headers, signal }
          : { ...through, method: "PUT", headers: { ...headers, "content-type": "application/json" }, body, signal },
      );
      const text = await textOf(answer.body);
      if (answer.statusCode !== 200) {
        const refused = answer.statusCode === 400 || answer.statusCode === 409;
        throw new CellAgentError(`status ${answer.statusCode}`, { refused });
      }
      return text;
    } catch (cause) {
      if (cause instanceof CellAgentError) throw cause;
      throw new CellAgentError(cause instanceof Error ? cause.message : String(cause), { cause });
    }
  };
  return {
    has: (tenant) => urls.has(tenant),
    get: async (tenant) => agentsIn(await ask(tenant, GET_TIMEOUT_MS)),
    put: async (tenant, agents) => {
      await ask(tenant, PUT_TIMEOUT_MS, JSON.stringify({ agents }));
    },
  };
}

function agentsIn(text: string): readonly AgentSpec[] {
  try {
    return Answer.parse(JSON.parse(text)).agents;
  } catch (cause) {
    throw new CellAgentError("an answer that is no list of agents", { cause });
  }
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new CellAgentError(`more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
