import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../../../cli/plan/render.ts";
import { CHECKS } from "../../../../cli/verify/checks/index.ts";
import { type Paper, paperOf, statementOf } from "../../../../cli/whitepaper/paper.ts";
import { STATEMENTS } from "../../../../cli/whitepaper/statements.ts";
import type { PlannedResource } from "../../../support/plan.ts";
import { shippedPlan } from "./shipped.ts";

const plans = new Map<string, Plan>();

beforeAll(async () => {
  for (const environment of ["local", "acme-aws", "acme-alibaba", "acme-tencent", "acme-dgx"]) {
    plans.set(environment, await shippedPlan(environment));
  }
}, 90_000);

function planOf(environment: string): Plan {
  const plan = plans.get(environment);
  if (plan === undefined) throw new Error(`no plan of ${environment}`);
  return plan;
}

const standings = (paper: Paper) => new Map(paper.statements.map(({ key, standing }) => [key, standing]));

/** The plan with the inputs of some resources changed. */
function changed(plan: Plan, which: (resource: PlannedResource) => boolean, inputs: object): Plan {
  const resources = plan.resources.map((resource) =>
    which(resource) ? { ...resource, inputs: { ...resource.inputs, ...inputs } } : resource,
  );
  return { ...plan, resources };
}

describe.each(["local", "acme-aws", "acme-alibaba", "acme-tencent", "acme-dgx"])(
  "the white paper of %s",
  (environment) => {
    test("cites nothing that is not in the plan and no check that verify does not have", () => {
      const plan = planOf(environment);
      const urns = new Set(plan.resources.map(({ urn }) => urn));
      const checks = new Set(CHECKS.map(({ id }) => id));
      const { statements, flows } = paperOf(plan);
      for (const { citations } of statements) {
        for (const citation of citations) {
          expect(citation.kind === "check" ? checks.has(citation.id) : urns.has(citation.urn)).toBe(true);
        }
      }
      for (const { policies } of flows.flows) for (const urn of policies) expect(urns.has(urn)).toBe(true);
    });

    test("marks every statement without a citation as procedure or as not shown", () => {
      for (const { citations, standing } of paperOf(planOf(environment)).statements) {
        expect(citations.length === 0).toBe(standing === "procedure" || standing === "not shown");
      }
    });

    test("finds nothing in the plan that a statement is not true of", () => {
      expect(paperOf(planOf(environment)).statements.filter(({ against }) => against.length > 0)).toEqual([]);
    });
  },
);

describe("a statement", () => {
  test("about incident response is procedure, unless the plan has something for it", () => {
    const procedures = STATEMENTS.filter(({ procedure }) => procedure).map(({ key }) => key);
    expect(procedures.filter((key) => key.startsWith("incident."))).toHaveLength(6);
    const paper = standings(paperOf(planOf("acme-aws")));
    for (const key of procedures) expect([key, paper.get(key)]).toEqual([key, "procedure"]);
  });

  test("is not claimed where the plan has nothing of the kind", () => {
    const paper = standings(paperOf(planOf("local")));
    expect([paper.get("encryption.database"), paper.get("audit.locked")]).toEqual(["not shown", "not shown"]);
    const cloud = standings(paperOf(planOf("acme-aws")));
    expect([cloud.get("encryption.database"), cloud.get("audit.locked")]).toEqual(["planned", "planned"]);
  });

  const isRds = ({ type }: PlannedResource) => type === "aws:rds/instance:Instance";
  const policy = (name: string) => (resource: PlannedResource) =>
    resource.type.endsWith(":NetworkPolicy") && (resource.inputs["metadata"] as { name: string }).name === name;
  const open = {
    policyTypes: ["Ingress", "Egress"],
    podSelector: {},
    egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }],
  };
  const namespaceLabels = { metadata: { name: "tenant-marketing", labels: {} } };

  test.each([
    ["encryption.database", isRds, { storageEncrypted: false }],
    ["encryption.keys", ({ name }: PlannedResource) => name === "aws-keys-audit", { enableKeyRotation: false }],
    ["encryption.entry", ({ type }: PlannedResource) => type === "aws:lb/listener:Listener", { protocol: "HTTP" }],
    [
      "audit.locked",
      ({ type }: PlannedResource) => type.endsWith(":BucketObjectLockConfiguration"),
      { rule: { defaultRetention: { mode: "GOVERNANCE" } } },
    ],
    ["access.sandbox", policy("sandbox"), { spec: open }],
    ["access.sandbox", policy("sandbox"), { spec: { policyTypes: ["Ingress"], podSelector: {} } }],
    ["access.cell", policy("cell"), { spec: open }],
    ["access.cell", policy("cell"), { spec: { __pulumiUnknown: true } }],
    ["access.no-addresses", policy("router"), { spec: { policyTypes: ["Ingress"], ingress: [{ ports: [] }] } }],
    ["access.default-deny", policy("default-deny"), { spec: { podSelector: {}, policyTypes: ["Ingress"] } }],
    [
      "access.tenants",
      ({ inputs }: PlannedResource) =>
        (inputs["metadata"] as { name?: string } | undefined)?.name === "tenant-marketing",
      namespaceLabels,
    ],
    [
      "access.kernel",
      ({ name }: PlannedResource) => name === "marketing-sandbox",
      { spec: { template: { spec: {} } } },
    ],
    ["access.clock", ({ name }: PlannedResource) => name === "marketing-sandbox", { spec: { template: { spec: {} } } }],
    [
      "access.admission",
      ({ type }: PlannedResource) => type.endsWith(":ValidatingAdmissionPolicyBinding"),
      { spec: { validationActions: ["Audit"] } },
    ],
    [
      "access.pods",
      ({ name, type }: PlannedResource) => name === "router" && type.endsWith(":StatefulSet"),
      { spec: {} },
    ],
  ] as const)("%s is taken back when one resource says otherwise", (key, which, inputs) => {
    const paper = paperOf(changed(planOf("acme-aws"), which, inputs));
    const statement = paper.statements.find((one) => one.key === key);
    expect(statement).toMatchObject({ standing: "not shown", citations: [] });
    expect(statement?.against.length).toBeGreaterThan(0);
  });

  test("that rests on nothing at all is not claimed", () => {
    expect(statementOf({ key: "access.keys", section: "access" }, [])).toMatchObject({ standing: "not shown" });
  });
});

test("every check that a statement rests on, and every check of verify but the greeting, is used", () => {
  const used = new Set(STATEMENTS.flatMap(({ triedBy = [] }) => triedBy));
  expect(CHECKS.map(({ id }) => id).filter((id) => !used.has(id))).toEqual(["chat/answers"]);
});
