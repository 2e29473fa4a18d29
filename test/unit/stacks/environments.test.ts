import { afterAll, describe, expect, test } from "vitest";
import { environmentNames } from "../../../cli/environment.ts";
import { CONTROLS, type ControlId, GAPS } from "../../../components/controls.ts";
import { parseSettings, TOPOLOGIES } from "../../../runtime/settings/index.ts";
import { plainTenant } from "../../support/environments.ts";
import { type PlannedResource, recordPlan, sectionsOf, unordered } from "../../support/plan.ts";
import { EVERYWHERE, type Finding, LOOKS } from "./parity.ts";

const environments = environmentNames();
const controls = Object.keys(CONTROLS) as ControlId[];

const plans = new Map<string, readonly PlannedResource[]>();
for (const environment of environments)
  plans.set(environment, await recordPlan(sectionsOf(environment), { environment }));
afterAll(() => plans.clear());

const planOf = (environment: string) => plans.get(environment) ?? [];
const topologyOf = (environment: string) => parseSettings(sectionsOf(environment)).settings.deployment.topology;

function finding(environment: string, control: ControlId): Finding {
  const look = EVERYWHERE[control] ?? LOOKS[topologyOf(environment)]?.[control];
  return look === undefined ? "absent" : look(planOf(environment));
}

describe("every control is on every topology, or its absence is a named gap, and no gap is named that is none:", () => {
  test.each(environments)("%s", (environment) => {
    const gaps = GAPS[topologyOf(environment)];
    const wrong = controls.flatMap((control) => {
      const what = finding(environment, control);
      if (what === "absent") return gaps[control] === undefined ? [`${control} is absent and no gap`] : [];
      return what === "present" && gaps[control] !== undefined ? [`${control} is there and named as a gap`] : [];
    });
    expect(wrong).toEqual([]);
  });

  test("a control is on one topology at least", () => {
    const nowhere = controls.filter((control) =>
      environments.every((environment) => finding(environment, control) !== "present"),
    );
    expect(nowhere).toEqual([]);
  });

  test("nothing is found in an empty plan, so that each of them is looked for and not taken for granted", () => {
    const looks = [EVERYWHERE, ...Object.values(LOOKS)].flatMap((looked) => Object.entries(looked));
    expect(looks.filter(([, look]) => look([]) === "present").map(([control]) => control)).toEqual([]);
  });

  test("every gap has a reason, and no topology is left out", () => {
    expect(Object.keys(GAPS).sort()).toEqual([...TOPOLOGIES].sort());
    for (const reason of Object.values(GAPS).flatMap((gaps) => Object.values(gaps))) {
      expect(reason).toMatch(/^\S.{20,}[^.]$/);
    }
  });
});

describe("tags", () => {
  const ofCloud = ({ type }: PlannedResource) => /^(aws|alicloud|tencentcloud):/.test(type);
  const tagged = (plan: readonly PlannedResource[]) =>
    plan.filter((resource) => ofCloud(resource) && resource.inputs["tags"] !== undefined);

  test.each(environments)("every resource of %s that has tags says whose it is in the same words", (environment) => {
    for (const { urn, inputs } of tagged(planOf(environment))) {
      const flat = JSON.stringify(inputs["tags"]);
      for (const [key, value] of [
        ["environment", environment],
        ["managed-by", "pulumi"],
        ["owner", ""],
        ["data-class", ""],
      ]) {
        const written =
          flat.includes(`"breakwater:${key}":"${value}`) ||
          flat.includes(`"key":"breakwater:${key}","value":"${value}`);
        expect([urn, key, written]).toEqual([urn, key, true]);
      }
    }
  });

  test.each(environments.filter((name) => topologyOf(name) === "aws" || topologyOf(name) === "alibaba"))(
    "no type of resource of %s has tags here and none there",
    (environment) => {
      const plan = planOf(environment).filter(ofCloud);
      const types = new Set(tagged(plan).map(({ type }) => type));
      const forgotten = plan.filter(({ type, inputs }) => types.has(type) && inputs["tags"] === undefined);
      expect(forgotten.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
    },
  );
});

/** Names that a cloud knows a resource by, where the plan knows them. */
const NAME_KEYS = /^(name|[a-z]*Name|identifier|bucket|alias|[a-z]*Identifier)$/;
/** Names of others, or of places: not of the resource itself. */
const NOT_OWN =
  /^(addonName|clusterName|zoneName|bucketName|policyName|dbName|roleName|role|ramRoleName|runtimeName|vpcEndpointName|namespaceName|userName|accountName|ruleName|logStoreName|projectName|hostName|regionName|certificateName|dbSubnetGroupName|parameterGroupName|backupVaultName|serviceName|domainName|networkFirewallName|ossBucketName|s3BucketName|resourceName|snapshotPolicyName|storageName|kmsKeyName|configName)$/;

test("no two environments name a cloud resource of one type alike, so that they can share an account", () => {
  const owners = new Map<string, string>();
  const twice: string[] = [];
  for (const environment of environments) {
    for (const { custom, type, inputs } of planOf(environment)) {
      if (!custom || !/^(aws|alicloud|tencentcloud):/.test(type)) continue;
      for (const [key, value] of Object.entries(inputs)) {
        if (!NAME_KEYS.test(key) || NOT_OWN.test(key) || typeof value !== "string") continue;
        if (!value.includes(environment)) continue;
        const id = `${type} ${key} ${value}`;
        const owner = owners.get(id);
        if (owner !== undefined && owner !== environment) twice.push(`${id}: ${owner} and ${environment}`);
        owners.set(id, environment);
      }
    }
  }
  expect(owners.size).toBeGreaterThan(0);
  expect(twice).toEqual([]);
});

describe("adding a tenant", () => {
  test.each(environments)(
    "to %s replaces, deletes and changes nothing but what lists the tenants",
    async (environment) => {
      const sections = sectionsOf(environment) as { multi_tenant: { tenants: { llm_config: object }[] } } & Record<
        string,
        unknown
      >;
      const [model = { llm_config: {} }] = sections.multi_tenant.tenants;
      const added = { ...plainTenant("added"), llm_config: { ...model.llm_config, max_tokens_per_request: 100 } };
      sections.multi_tenant.tenants = [...sections.multi_tenant.tenants, added];
      const before = unordered(planOf(environment));
      const after = new Map(
        unordered(await recordPlan(sections, { environment })).map((resource) => [resource.urn, resource]),
      );
      expect(before.filter(({ urn }) => !after.has(urn)).map(({ urn }) => urn)).toEqual([]);
      const changed = before.filter(
        ({ urn, inputs }) => JSON.stringify(after.get(urn)?.inputs) !== JSON.stringify(inputs),
      );
      const cloud = changed.filter(({ type }) => /^(aws|alicloud|tencentcloud):/.test(type));
      expect(cloud.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
      const shared = [
        "ConfigMap front-door",
        "ConfigMap router",
        "SecretFiles front-door",
        "StatefulSet front-door",
        "StatefulSet router",
        // Makes a key for each tenant, and the alerts of each tenant's budget.
        "Job vault-tenant-keys",
        "PrometheusRule monitoring-breakwater-budgets",
      ];
      const kinds = changed.map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`);
      expect(kinds.filter((kind) => !shared.includes(kind)).sort()).toEqual([]);
    },
    60_000,
  );
});

test.each(environments)("no resource of %s has a name or an input of another environment", (environment) => {
  const others = environments.filter(
    (other) => other !== environment && other !== "local" && !environment.startsWith(other),
  );
  const text = JSON.stringify(planOf(environment).map(({ inputs, name }) => [name, inputs]));
  expect(others.filter((other) => text.includes(`"${other}-`) || text.includes(`"${other}"`))).toEqual([]);
});
