import { z } from "zod";
import { grouped } from "../grouped.ts";
import { once } from "../once.ts";
import { agentPods, metaOf, POD_TYPES, podSpecOf, tenantPods } from "../pods.ts";
import type { Plan, StackProblem, StackRule } from "../rule.ts";
import { jsonFilesOf } from "../settings-files.ts";

const RUNTIME_CLASS = "kubernetes:node.k8s.io/v1:RuntimeClass";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

const pod = z.object({ runtimeClassName: z.string().optional() });
const runtimeClass = z.object({ handler: z.string() });
const sandbox = z.object({ mode: z.string().optional(), backend: z.string().optional() });
const openclaw = z.object({
  agents: z
    .object({
      defaults: z.object({ sandbox: sandbox.optional() }).optional(),
      list: z.array(z.object({ id: z.string(), sandbox: sandbox.optional() })).optional(),
    })
    .optional(),
  tools: z.object({ elevated: z.object({ enabled: z.boolean().optional() }).optional() }).optional(),
});

/** Handlers that put a kernel of their own between a pod and its node. */
const HANDLER = /^(runsc|kata|runv)/;
/** The same by name, where the node brings the class and the plan does not hold it. */
const NAME = /(^|-)(gvisor|kata|runv)(-|$)/;
/** Backends of OpenClaw that run commands somewhere else than in its own pod. */
const ELSEWHERE = ["ssh", "openshell"];

/**
 * What an agent writes is code of strangers: what it finds in a prompt, it runs. In a tenant's namespace everything but
 * the cell runs under a kernel of its own. The cell is OpenClaw's gateway, runs nothing that agents write, and its
 * settings have to say so: every session in the sandbox, none elevated.
 */
export const sbx001: StackRule = {
  id: "SBX-001",
  subjects: POD_TYPES,
  *check(plan) {
    yield* classes(plan);
    yield* cells(plan);
  },
};

function* classes(plan: Plan): Iterable<StackProblem> {
  const handlers = new Map(
    plan.ofType(RUNTIME_CLASS).map(({ props }) => [metaOf(props).name, runtimeClass.parse(props).handler]),
  );
  for (const { urn, props } of agentPods(plan)) {
    const { runtimeClassName } = pod.parse(podSpecOf(props));
    const handler = handlers.get(runtimeClassName);
    if (runtimeClassName === undefined) yield { urn, problem: "runtimeClassName is missing" };
    else if (handler === undefined ? !NAME.test(runtimeClassName) : !HANDLER.test(handler)) {
      yield { urn, problem: `runtimeClassName is ${runtimeClassName}, handled by ${handler ?? "nobody knows what"}` };
    }
  }
}

function* cells(plan: Plan): Iterable<StackProblem> {
  const settings = grouped(plan.ofType(CONFIG_MAP), ({ props }) => metaOf(props).namespace);
  for (const { urn, home, component } of tenantPods(plan)) {
    if (component !== "cell") continue;
    const given = (settings.get(home.name) ?? [])
      .map(({ urn, props }) => ({ urn, base: jsonFilesOf(plan, props).get("base.json") }))
      .filter(({ base }) => base !== undefined);
    if (given.length === 0)
      yield { urn, problem: `namespace ${home.name} has no base.json that sends commands to a sandbox` };
    for (const { urn, base } of given) {
      for (const problem of looseIn(base)) yield { urn, problem: `base.json: ${problem}` };
    }
  }
}

/** Of tenants that are set alike, once. */
const looseIn = once((base: unknown): readonly string[] => [...loose(openclaw.parse(base))]);

function* loose({ agents, tools }: z.output<typeof openclaw>): Iterable<string> {
  const { mode, backend } = agents?.defaults?.sandbox ?? {};
  if (mode !== "all") yield `agents.defaults.sandbox.mode is ${mode ?? "missing"}`;
  if (backend === undefined || !ELSEWHERE.includes(backend)) {
    yield `agents.defaults.sandbox.backend is ${backend ?? "missing"}`;
  }
  for (const { id, sandbox: own = {} } of agents?.list ?? []) {
    if (own.mode !== undefined && own.mode !== "all") yield `sandbox.mode of agent ${id} is ${own.mode}`;
    if (own.backend !== undefined && !ELSEWHERE.includes(own.backend)) {
      yield `sandbox.backend of agent ${id} is ${own.backend}`;
    }
  }
  if (tools?.elevated?.enabled !== false) yield "tools.elevated.enabled is not false";
}
