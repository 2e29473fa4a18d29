import { randomBytes } from "node:crypto";
import { type Answer, type FrontDoorClient, replyText } from "../../deploy/front-door-client.ts";
import { Breach, type Check } from "../check.ts";

export const memoryIsolated: Check = {
  id: "memory/isolated",
  claim: "a fact that one tenant's agent remembers is found by that tenant and by no other",
  control: "one cell a tenant; the front door takes the tenant from the key",
  run: async ({ tenants, client }) => {
    const [owner, ...others] = [...tenants].sort(engineeringFirst);
    if (owner === undefined || others.length === 0) throw new Error("this needs at least two tenants");
    const word = `canary${randomBytes(6).toString("hex")}`;
    const written = await client(owner.id).chat(`REMEMBER: the verification word is ${word}`);
    if (written.status !== 200) throw new Error(`${owner.id} could not write: ${written.status}`);

    const own = await foundBy(client(owner.id), word);
    if (!holds(own, word)) {
      const reply = replyText(written.body).slice(0, 200);
      throw new Breach(`${owner.id} does not find what it wrote: ${own.status}; its agent had said: ${reply}`);
    }
    for (const other of others) {
      const foreign = await client(other.id).request(`/api/memory/search?q=${word}`);
      if (foreign.status !== 200) throw new Error(`${other.id} could not search: ${foreign.status}`);
      if (holds(foreign, word)) throw new Breach(`${other.id} finds what ${owner.id} wrote`);
    }
    return [`${owner.id} finds it; ${others.map(({ id }) => id).join(" and ")} searched and found nothing`];
  },
};

/** A cell indexes what was written within seconds. */
const INDEXED_WITHIN_MS = 30_000;
const RETRY_MS = 500;

/** The search that finds `word`, or the last one. */
async function foundBy(client: FrontDoorClient, word: string): Promise<Answer> {
  const deadline = Date.now() + INDEXED_WITHIN_MS;
  for (;;) {
    const answer = await client.request(`/api/memory/search?q=${word}`);
    if (holds(answer, word) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** The results only: the answer repeats the query. */
function holds({ body }: Answer, word: string): boolean {
  return JSON.stringify((body as { results?: unknown } | undefined)?.results ?? []).includes(word);
}

function engineeringFirst(a: { id: string }, b: { id: string }): number {
  return Number(b.id === "engineering") - Number(a.id === "engineering");
}
