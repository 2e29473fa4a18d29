import { z } from "zod";
import { containersOf } from "../pods.ts";
import type { PlanResource, StackRule } from "../rule.ts";

const CLOUD_KEYS = ["aws:kms/key:Key", "alicloud:kms/key:Key", "tencentcloud:index/kmsKey:KmsKey"];
const JOB = "kubernetes:batch/v1:Job";

/** What the job of the vault that makes keys runs. */
const MAKES_KEYS = /(^|\/)make-keys$/;

const tagged = z.object({ tags: z.record(z.string(), z.string()).optional() });
const container = z.object({ command: z.array(z.string()).optional(), args: z.array(z.string()).optional() });

/**
 * A tenant that leaves is forgotten by deleting its key. Every tenant of Breakwater is isolated strictly, so each needs
 * one: a key in the vault, which a job makes for each tenant by name, or a key of the cloud with the tenant's tag.
 */
export const cry004: StackRule = {
  id: "CRY-004",
  subjects: [],
  *check(plan) {
    const owners = new Set<string | undefined>();
    for (const { props } of plan.ofType(JOB)) {
      for (const name of madeBy(props)) owners.add(name.replace(/^tenant-/, ""));
    }
    for (const { props } of plan.ofType(...CLOUD_KEYS)) owners.add(tagged.parse(props).tags?.["breakwater:tenant"]);
    for (const { id } of plan.facts.tenants) {
      if (!owners.has(id)) yield { problem: `no key is made for tenant ${id}` };
    }
  },
};

/** Names of the keys that the job makes, if it is the one that makes keys. */
function madeBy(props: PlanResource["props"]): readonly string[] {
  return containersOf(props).flatMap((raw) => {
    const { command = [], args = [] } = container.parse(raw);
    const words = [...command, ...args];
    const at = words.findIndex((word) => MAKES_KEYS.test(word));
    return at === -1 ? [] : words.slice(at + 1);
  });
}
