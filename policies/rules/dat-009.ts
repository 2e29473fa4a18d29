import { z } from "zod";
import { once } from "../once.ts";
import type { StackRule } from "../rule.ts";
import { eachSettingsFile } from "../settings-files.ts";

/** Ten years: beyond it nobody can say what the data is kept for. */
const LONGEST = 3650;

const cell = z.object({
  session: z.object({
    maintenance: z.object({ mode: z.string(), pruneAfter: z.string() }),
  }),
});

const cellIn = once((content: unknown) => cell.safeParse(content));

/**
 * What is kept longer than promised can be stolen, and is owed to whoever asks for it. What a tenant says lies in its own
 * cell and in no bucket, so the cell's settings file is where the promise is kept: it removes sessions after so many days.
 */
export const dat009: StackRule = {
  id: "DAT-009",
  subjects: [],
  *check(plan) {
    const { tenants } = plan.facts;
    for (const { id, retentionDays } of tenants) {
      if (retentionDays < 1 || retentionDays > LONGEST)
        yield { problem: `tenant ${id} keeps data ${retentionDays} days` };
    }
    const daysOf = new Map(tenants.map(({ id, retentionDays }) => [`tenant-${id}`, retentionDays]));
    const settled = new Set<string>();
    const ofTenants = ({ namespace }: { readonly namespace: string }) => daysOf.has(namespace);
    yield* eachSettingsFile(plan, ofTenants, function* ({ urn, namespace, content }) {
      const found = cellIn(content);
      if (!found.success) return;
      settled.add(namespace);
      const { mode, pruneAfter } = found.data.session.maintenance;
      const days = daysOf.get(namespace);
      if (mode !== "enforce") yield { urn, problem: `the cell's maintenance is ${mode}` };
      if (pruneAfter !== `${days}d`) yield { urn, problem: `the cell keeps sessions ${pruneAfter}, not ${days}d` };
    });
    for (const namespace of daysOf.keys()) {
      if (!settled.has(namespace)) yield { problem: `no cell of ${namespace} removes what is too old` };
    }
  },
};
