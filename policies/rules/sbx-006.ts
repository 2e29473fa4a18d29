import { z } from "zod";
import { agentPods, containersOf, POD_TYPES, podSpecOf } from "../pods.ts";
import type { Problems, StackRule } from "../rule.ts";

const amount = z.union([z.string(), z.number()]).optional();
const container = z.object({
  name: z.string(),
  env: z.array(z.object({ name: z.string(), value: z.unknown().optional() })).default([]),
  resources: z.object({ limits: z.object({ cpu: amount, memory: amount }).default({}) }).optional(),
});
const pod = z.object({
  activeDeadlineSeconds: z.number().optional(),
  volumes: z
    .array(z.object({ name: z.string(), emptyDir: z.object({ sizeLimit: z.string().optional() }).optional() }))
    .default([]),
});
const SECONDS = /^[1-9]\d*$/;

/**
 * An agent that counts to infinity, fills its disk or never ends takes the machine from the others. A sandbox lives as long
 * as its tenant, so that a command's time is bounded by a pod's deadline or by what the image does with MAX_CPU_SECONDS and
 * MAX_WALL_SECONDS; `tools.exec.timeoutSec` of OpenClaw is a default that a call can set to none, and does not count. Files
 * are volumes of a size, because the root cannot be written (K8S-008).
 */
export const sbx006: StackRule = {
  id: "SBX-006",
  subjects: POD_TYPES,
  *check(plan) {
    for (const { urn, props } of agentPods(plan)) for (const problem of unbounded(props)) yield { urn, problem };
  },
};

function* unbounded(props: Readonly<Record<string, unknown>>): Problems {
  const all = containersOf(props).map((raw) => container.parse(raw));
  for (const { name, resources } of all) {
    for (const what of ["cpu", "memory"] as const) {
      if (resources?.limits[what] === undefined) yield `container ${name} has no limit of ${what}`;
    }
  }
  const bounded = (variable: string): boolean =>
    all.some(({ env }) => env.some(({ name, value }) => name === variable && SECONDS.test(String(value))));
  const { activeDeadlineSeconds, volumes } = pod.parse(podSpecOf(props));
  for (const { name, emptyDir } of volumes) {
    if (emptyDir !== undefined && emptyDir.sizeLimit === undefined) yield `volume ${name} has no sizeLimit`;
  }
  if (!bounded("MAX_CPU_SECONDS")) yield "MAX_CPU_SECONDS is not set";
  if (activeDeadlineSeconds === undefined && !bounded("MAX_WALL_SECONDS")) {
    yield "a command that waits is never ended: neither activeDeadlineSeconds nor MAX_WALL_SECONDS is set";
  }
}
