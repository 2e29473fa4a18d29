import { describe, expect, test } from "vitest";
import type { RawResource } from "../../../../policies/evaluate.ts";
import { sbx001 } from "../../../../policies/rules/sbx-001.ts";
import { sbx006 } from "../../../../policies/rules/sbx-006.ts";
import { sbx007 } from "../../../../policies/rules/sbx-007.ts";
import { sbx008 } from "../../../../policies/rules/sbx-008.ts";
import { sbx009 } from "../../../../policies/rules/sbx-009.ts";
import { judged, planned, problems } from "../../../support/judge.ts";
import { GOOD } from "../../../support/judged-pods.ts";

const later = { __pulumiUnknown: true };
const TENANT = "breakwater.dev/tenant";
const POOL = "breakwater.dev/pool";
const home = planned("kubernetes:core/v1:Namespace", { metadata: { name: "tenant-a", labels: { [TENANT]: "a" } } });

/** A workload of tenant a, in its namespace unless said otherwise. */
function workload(component: string, spec: object, namespace = "tenant-a", rest: object = {}): RawResource {
  const labels = { "app.kubernetes.io/component": component, [TENANT]: "a" };
  return planned("kubernetes:apps/v1:StatefulSet", {
    metadata: { namespace },
    spec: { ...rest, template: { metadata: { labels }, spec } },
  });
}

const limits = { cpu: "1", memory: "2Gi" };
const seconds = (cpu: unknown = "300", wall: unknown = "600") => [
  { name: "MAX_CPU_SECONDS", value: cpu },
  { name: "MAX_WALL_SECONDS", value: wall },
];
const container = { ...GOOD, env: seconds(), resources: { limits } };
const sandboxPod = {
  runtimeClassName: "gvisor",
  nodeSelector: { [POOL]: "sandbox" },
  containers: [container],
  volumes: [
    { name: "workspace", emptyDir: { medium: "Memory", sizeLimit: "1Gi" } },
    { name: "keys", secret: { secretName: "sandbox-keys" } },
  ],
};
const sandbox = (change: object = {}, rest: object = {}) =>
  workload("sandbox", { ...sandboxPod, ...change }, "tenant-a", rest);
const cell = workload("cell", { containers: [GOOD], volumes: [{ name: "state", persistentVolumeClaim: {} }] });

const settings = {
  agents: { defaults: { sandbox: { mode: "all", backend: "ssh" } } },
  tools: { elevated: { enabled: false } },
};
const base = (content: object = settings, namespace = "tenant-a") =>
  planned("kubernetes:core/v1:ConfigMap", {
    metadata: { name: "cell-settings", namespace },
    data: { "base.json": JSON.stringify(content) },
  });
const runtimeClass = (handler: string, name = "gvisor") =>
  planned("kubernetes:node.k8s.io/v1:RuntimeClass", { metadata: { name }, handler });

describe.each([sbx001, sbx006, sbx007, sbx008])("$id", (rule) => {
  test("a sandbox as it should be passes, and the cell is none", () => {
    expect(judged(rule.id, [home, cell, base(), sandbox()], { rules: [rule] }).outcome).toBe("passed");
  });

  test("what stands outside of tenants' namespaces is left alone", () => {
    const elsewhere = workload("sandbox", { containers: [GOOD], volumes: [{ name: "x", nfs: {} }] }, "breakwater");
    expect(judged(rule.id, [home, elsewhere], { rules: [rule] }).outcome).toBe("passed");
  });
});

test.each([
  ["runsc", "gvisor"],
  ["kata-qemu", "kata"],
  ["runv", "breakwater-runv"],
])("SBX-001: handler %s has a kernel of its own, and so does class %s by its name", (handler, name) => {
  const given = [home, sandbox({ runtimeClassName: name })];
  expect(judged("SBX-001", given, { rules: [sbx001] }).outcome).toBe("passed");
  expect(judged("SBX-001", [...given, runtimeClass(handler, name)], { rules: [sbx001] }).outcome).toBe("passed");
});

const agents = (list: object[]) => base({ ...settings, agents: { ...settings.agents, list } });
const defaults = (own: object) => base({ ...settings, agents: { defaults: { sandbox: own } } });

test.each<[string, RawResource[]]>([
  ["runtimeClassName is missing", [sandbox({ runtimeClassName: undefined })]],
  ["runtimeClassName is missing", [workload("helper", { containers: [GOOD] })]],
  ["runtimeClassName is runc, handled by nobody knows what", [sandbox({ runtimeClassName: "runc" })]],
  ["runtimeClassName is gvisor, handled by runc", [sandbox(), runtimeClass("runc")]],
  ["namespace tenant-a has no base.json that sends commands to a sandbox", [cell, base(settings, "tenant-b")]],
  ["base.json: agents.defaults.sandbox.mode is non-main", [cell, defaults({ mode: "non-main", backend: "ssh" })]],
  ["base.json: agents.defaults.sandbox.mode is missing", [cell, defaults({ backend: "ssh" })]],
  ["base.json: agents.defaults.sandbox.backend is docker", [cell, defaults({ mode: "all", backend: "docker" })]],
  ["base.json: sandbox.mode of agent main is off", [cell, agents([{ id: "main", sandbox: { mode: "off" } }])]],
  [
    "base.json: sandbox.backend of agent main is docker",
    [cell, agents([{ id: "main", sandbox: { backend: "docker" } }])],
  ],
  ["base.json: tools.elevated.enabled is not false", [cell, base({ agents: settings.agents })]],
])("SBX-001: %s", (problem, given) => {
  expect(problems("SBX-001", [home, ...given], { rules: [sbx001] })).toEqual([problem]);
});

const changed = (change: object) => sandbox({ containers: [{ ...container, ...change }] });
const endless = "a command that waits is never ended: neither activeDeadlineSeconds nor MAX_WALL_SECONDS is set";

test.each<[string, RawResource]>([
  ["container cell has no limit of cpu", changed({ resources: { limits: { memory: "1Gi" } } })],
  ["container cell has no limit of memory", changed({ resources: { limits: { cpu: "1" } } })],
  ["volume workspace has no sizeLimit", sandbox({ volumes: [{ name: "workspace", emptyDir: {} }] })],
  ["MAX_CPU_SECONDS is not set", changed({ env: seconds("0") })],
  [endless, changed({ env: seconds("300", "0") })],
])("SBX-006: %s", (problem, resource) => {
  expect(problems("SBX-006", [home, resource], { rules: [sbx006] })).toEqual([problem]);
});

test("SBX-006: a deadline of the pod bounds its commands too", () => {
  const given = sandbox({ activeDeadlineSeconds: 600, containers: [{ ...container, env: seconds("300", "0") }] });
  expect(judged("SBX-006", [home, given], { rules: [sbx006] }).outcome).toBe("passed");
});

test.each<[string, RawResource]>([
  ["volume work is of kind persistentVolumeClaim", sandbox({ volumes: [{ name: "work", persistentVolumeClaim: {} }] })],
  ["volume work is of kind ephemeral", sandbox({ volumes: [{ name: "work", ephemeral: {} }] })],
  ["volume work outlives the pod", sandbox({}, { volumeClaimTemplates: [{ metadata: { name: "work" } }] })],
])("SBX-007: %s", (problem, resource) => {
  expect(problems("SBX-007", [home, resource], { rules: [sbx007] })).toEqual([problem]);
});

const trusts = (service: string) => JSON.stringify({ Statement: [{ Principal: { Service: service } }] });
const role = planned("aws:iam/role:Role", { name: "nodes", assumeRolePolicy: trusts("ec2.amazonaws.com") });
const unrelated = planned("aws:iam/role:Role", { name: "backup", assumeRolePolicy: later });
const attached = (policy: string, to = "nodes") =>
  planned("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
    role: to,
    policyArn: `arn:aws:iam::aws:policy/${policy}`,
  });
const rights = (action: unknown, effect = "Allow") =>
  JSON.stringify({ Statement: [{ Effect: effect, Action: action, Resource: "*" }] });
const inline = (action: unknown, to: unknown = "nodes", effect = "Allow") =>
  planned("aws:iam/rolePolicy:RolePolicy", { role: to, policy: rights(action, effect) });
/** The role of the nodes with rights that it says of itself. */
const carrying = (own: object) => ({ ...role, inputs: { ...role.inputs, ...own } });
const ramRole = planned("alicloud:ram/role:Role", {
  roleName: "node-sandbox",
  assumeRolePolicyDocument: trusts("ecs.aliyuncs.com"),
});
const ramAttached = (policyType: string, roleName = "node-sandbox") =>
  planned("alicloud:ram/rolePolicyAttachment:RolePolicyAttachment", {
    policyName: "AliyunECSFullAccess",
    policyType,
    roleName,
  });
const ackPool = (ownRole: object) =>
  planned("alicloud:cs/nodePool:NodePool", { labels: [{ key: POOL, value: "sandbox" }], ...ownRole });

test("SBX-008: a role that joins, pulls and reads passes; others' roles are left alone", () => {
  const aws = [role, unrelated, attached("AmazonEKSWorkerNodePolicy"), attached("AdministratorAccess", "backup")];
  const written = [
    inline(["s3:GetObject", "kms:Decrypt"]),
    inline("iam:PassRole", "backup"),
    inline("*", "nodes", "Deny"),
  ];
  const alibaba = [ramRole, ackPool({ ramRoleName: later }), ramAttached("Custom"), ramAttached("System", "trail")];
  const given = [home, sandbox(), ...aws, ...written, ...alibaba];
  expect(judged("SBX-008", given, { rules: [sbx008] }).outcome).toBe("passed");
});

test("SBX-008: rights that only an update knows leave it undecided", () => {
  const given = [home, sandbox(), role, inline("s3:GetObject", later)];
  expect(judged("SBX-008", given, { rules: [sbx008] }).outcome).toBe("unknown");
});

test.each<[string, RawResource[]]>([
  ["it selects nodes of pool of any name", [home, sandbox({ nodeSelector: undefined })]],
  ["it selects nodes of pool agents", [home, sandbox({ nodeSelector: { [POOL]: "agents" } })]],
  ["nodes have AmazonS3FullAccess", [sandbox(), role, attached("AmazonS3FullAccess")]],
  ["nodes may s3:PutObject", [sandbox(), role, inline(["s3:GetObject", "s3:PutObject"])]],
  [
    "nodes have AmazonS3FullAccess",
    [sandbox(), carrying({ managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3FullAccess"] })],
  ],
  ["nodes may iam:PassRole", [sandbox(), carrying({ inlinePolicies: [{ policy: rights("iam:PassRole") }] })]],
  ["it shares the cluster's role of all nodes", [ackPool({})]],
  ["nodes have Alibaba's AliyunECSFullAccess", [ackPool({ ramRoleName: later }), ramRole, ramAttached("System")]],
])("SBX-008: %s", (problem, given) => {
  expect(problems("SBX-008", given, { rules: [sbx008] })).toEqual([problem]);
});

test("SBX-008: the one machine of local has no pools", () => {
  const given = [home, sandbox({ nodeSelector: undefined })];
  expect(judged("SBX-008", given, { rules: [sbx008], facts: { topology: "local" } }).outcome).toBe("passed");
});

const admission = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy";
const pods = [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }];
const policySpec = {
  failurePolicy: "Fail",
  matchConstraints: { resourceRules: pods },
  validations: [{ expression: 'object.spec.runtimeClassName == "gvisor"' }],
};
const policy = (change: object = {}) =>
  planned(admission, { metadata: { name: "sandbox" }, spec: { ...policySpec, ...change } });
const tenants = { namespaceSelector: { matchExpressions: [{ key: TENANT, operator: "Exists" }] } };
const binding = (change: object = {}) =>
  planned(`${admission}Binding`, {
    metadata: { name: "sandbox" },
    spec: { policyName: "sandbox", validationActions: ["Deny"], matchResources: tenants, ...change },
  });
const open = "no ValidatingAdmissionPolicy refuses a tenant's pod without the sandbox's runtimeClassName";

test("SBX-009: a policy that is bound to tenants' namespaces, or to all, passes", () => {
  for (const bound of [binding(), binding({ matchResources: undefined })]) {
    expect(judged("SBX-009", [home, policy(), bound], { rules: [sbx009] }).outcome).toBe("passed");
  }
});

const one = {
  namespaceSelector: { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ["x"] }] },
};

test.each<[string, RawResource[]]>([
  ["none", []],
  ["one that is not bound", [policy()]],
  ["one that only warns", [policy(), binding({ validationActions: ["Warn"] })]],
  ["one that lets pass when it cannot tell", [policy({ failurePolicy: "Ignore" }), binding()]],
  ["one about something else", [policy({ validations: [{ expression: "true" }] }), binding()]],
  [
    "one for other objects",
    [policy({ matchConstraints: { resourceRules: [{ ...pods[0], resources: ["secrets"] }] } }), binding()],
  ],
  ["one for some namespaces", [policy(), binding({ matchResources: one })]],
  ["one bound under another name", [policy(), binding({ policyName: "images" })]],
])("SBX-009: %s is no policy", (_, given) => {
  expect(problems("SBX-009", [home, ...given], { rules: [sbx009] })).toEqual([open]);
});
