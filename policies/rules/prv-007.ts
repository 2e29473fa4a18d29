import { z } from "zod";
import { each, type Fields, ifKnown, leaves } from "../known.ts";
import { once } from "../once.ts";
import { containersOf, POD_TYPES } from "../pods.ts";
import type { Plan, PlanResource, StackProblem, StackRule } from "../rule.ts";
import { eachSettingsFile } from "../settings-files.ts";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const NIM = "kubernetes:apps.nvidia.com/v1alpha1:NIMService";

/** Values of a chart that report home when they are true, wherever they stand. */
const REPORTS = /^(?:telemetryEnabled|enableTelemetry|reporting_enabled|anonymousUsageStats|sendAnonymousUsageStats)$/;

/** Charts that report home unless a value says no: the value, by the chart's name. */
const BY_DEFAULT: Readonly<Record<string, readonly string[]>> = {
  "kube-prometheus-stack": ["grafana", "grafana.ini", "analytics", "reporting_enabled"],
  grafana: ["grafana.ini", "analytics", "reporting_enabled"],
  openshell: ["server", "telemetryEnabled"],
};

/** Programs that report home unless told not to, by their image, and the variables that each listens to. */
const SERVERS: readonly { readonly image: RegExp; readonly program: RegExp; readonly variables: readonly string[] }[] =
  [
    {
      image: /\/vllm|nvcr\.io\/nim|\/nim\//,
      program: /\bvllm\b|\bnim\b/,
      variables: ["DO_NOT_TRACK", "VLLM_NO_USAGE_STATS"],
    },
  ];

const chart = z.object({ chart: z.string() });
const cell = z.object({ gateway: z.unknown(), telemetry: z.object({ enabled: z.boolean() }).optional() });
const cellIn = once((content: unknown) => cell.safeParse(content));
const variables = z.array(z.object({ name: z.string(), value: z.string().optional() })).default([]);
const container = z.object({
  name: z.string(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
});
const imaged = z.object({ image: z.string() });

/**
 * What a vendor is told about use leaves the company, and in a network without a way out it only makes noise. Nothing of
 * ours needs it, so this holds for every environment: charts, model servers, and cells by their settings file.
 */
export const prv007: StackRule = {
  id: "PRV-007",
  subjects: [RELEASE, NIM, "kubernetes:core/v1:ConfigMap", ...POD_TYPES],
  *check(plan) {
    yield* each(plan.ofType(RELEASE), ofChart);
    yield* each(plan.ofType(...POD_TYPES, NIM), ofServer);
    yield* ofCells(plan);
  },
};

function* ofChart({ urn, props }: PlanResource): Iterable<StackProblem> {
  const name = chart.parse({ chart: props["chart"] }).chart.split("/").at(-1) ?? "";
  const values = (props["values"] ?? {}) as Fields;
  for (const { path, key, value } of leaves(values)) {
    if (REPORTS.test(key) && value === true) yield { urn, problem: `${path} is true` };
  }
  const path = BY_DEFAULT[name];
  const isOff = path?.reduce<unknown>((at, key) => (at as Fields | undefined)?.[key], values) === false;
  const without = name === "kube-prometheus-stack" && (values["grafana"] as Fields | undefined)?.["enabled"] === false;
  if (path !== undefined && !isOff && !without) yield { urn, problem: `${path.join(".")} is not false` };
}

function* ofServer({ urn, type, props }: PlanResource): Iterable<StackProblem> {
  if (type === NIM) {
    const env = variables.parse((props["spec"] as Fields)["env"]);
    yield* withoutVariables(urn, "the model server", env, ["DO_NOT_TRACK"]);
    return;
  }
  yield* each(containersOf(props), function* (raw) {
    // What is known only after an update is built by this program, and is no vendor's.
    const image = ifKnown(() => imaged.parse(raw).image, "");
    const [server] = SERVERS.filter((one) => one.image.test(image));
    if (server === undefined) return;
    const { name, command, args = [] } = container.parse(raw);
    // A script that only runs in the server's image is no server.
    const serves = command === undefined || [...command, ...args].some((word) => server.program.test(word));
    if (!serves) return;
    yield* withoutVariables(urn, `container ${name}`, variables.parse((raw as Fields)["env"]), server.variables);
  });
}

function* withoutVariables(
  urn: string,
  who: string,
  env: z.infer<typeof variables>,
  wanted: readonly string[],
): Iterable<StackProblem> {
  for (const one of wanted) {
    if (!env.some(({ name, value }) => name === one && value === "1"))
      yield { urn, problem: `${who} runs without ${one}=1` };
  }
}

function* ofCells(plan: Plan): Iterable<StackProblem> {
  const isCell = ({ name }: { readonly name: string }) => name === "cell-settings";
  yield* eachSettingsFile(plan, isCell, function* ({ urn, content }) {
    const found = cellIn(content);
    // The cell agent's own file has no gateway, and the agent nobody to tell.
    if (!found.success || found.data.gateway === undefined) return;
    if (found.data.telemetry?.enabled !== false) yield { urn, problem: "the cell's telemetry.enabled is not false" };
  });
}
