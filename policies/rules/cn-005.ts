import { z } from "zod";
import { placesIn, regionsOfServers } from "../copies.ts";
import { each, leaves } from "../known.ts";
import { once } from "../once.ts";
import type { Plan, PlanResource, Problems, StackProblem, StackRule } from "../rule.ts";
import { eachSettingsFile } from "../settings-files.ts";

/** Packages of clouds and what their mainland regions are called (from memory, unverified; a region that is missing here is refused). */
const MAINLAND: Readonly<Record<string, RegExp>> = {
  aws: /^cn-(north-1|northwest-1)$/,
  alicloud: /^cn-(?!hongkong)[a-z0-9-]+$/,
  tencentcloud:
    /^ap-(beijing|shanghai|guangzhou|nanjing|chengdu|chongqing|shenzhen|hangzhou|wuhan|zhengzhou|tianjin|jinan)(-fsi|-\d+-ec)?$/,
};

/** Values of a chart that ships logs or measurements: charts have no other way out that a plan shows. */
const RELEASE = "kubernetes:helm.sh/v3:Release";

const sinks = z.object({
  audit: z.object({
    exports: z
      .array(z.object({ name: z.string(), url: z.string().optional(), host: z.string().optional() }))
      .default([]),
  }),
});

const sinksIn = once((content: unknown) => sinks.safeParse(content));

/**
 * Data that the law keeps in mainland China leaves it where a provider, a key, a log or a copy is of another region, where
 * a bucket that copies go to is not planned here, and where audit records or a chart's logs go to a cloud's server elsewhere.
 * A receiver whose name says no region is judged by what the settings say of it, before there is a plan.
 */
export const cn005: StackRule = {
  id: "CN-005",
  applies: ({ jurisdiction }) => jurisdiction === "cn",
  subjects: [],
  *check(plan) {
    const ofClouds = plan.resources.filter(({ type }) => mainlandOf(type) !== undefined);
    yield* each(ofClouds, function* (resource) {
      for (const problem of outside(resource, plan)) yield { urn: resource.urn, problem };
    });
    yield* receivers(plan);
  },
};

/** Of a resource of a cloud, or of the cloud's provider. */
function mainlandOf(type: string): RegExp | undefined {
  const [first = "", , third = ""] = type.split(":");
  return MAINLAND[first === "pulumi" ? third : first];
}

function* outside(resource: PlanResource, plan: Plan): Problems {
  const { type, props } = resource;
  const mainland = mainlandOf(type);
  if (mainland === undefined) return;
  if (type.startsWith("pulumi:") && !("region" in props)) yield "region is nothing";
  for (const { path, region, what } of placesIn(resource, plan)) {
    if (region === undefined) yield `${path} is ${what}`;
    else if (!mainland.test(region)) yield `${path} is in ${region}`;
  }
}

function* receivers(plan: Plan): Iterable<StackProblem> {
  yield* each(plan.ofType(RELEASE), function* ({ urn, props }) {
    for (const { path, value } of leaves(props["values"] ?? {})) {
      for (const problem of typeof value === "string" ? abroad(`values.${path}`, value) : []) yield { urn, problem };
    }
  });
  yield* eachSettingsFile(
    plan,
    () => true,
    function* ({ urn, content }) {
      const found = sinksIn(content);
      for (const { name, url, host } of found.success ? found.data.audit.exports : []) {
        for (const problem of abroad(`audit export ${name}`, url ?? host ?? "")) yield { urn, problem };
      }
    },
  );
}

function* abroad(path: string, text: string): Problems {
  for (const region of regionsOfServers(text)) {
    if (!Object.values(MAINLAND).some((mainland) => mainland.test(region))) yield `${path} is in ${region}`;
  }
}
