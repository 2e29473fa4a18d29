import { expect, test } from "vitest";
import type { RawResource } from "../../../../policies/evaluate.ts";
import { ten001 } from "../../../../policies/rules/ten-001.ts";
import { ten004 } from "../../../../policies/rules/ten-004.ts";
import { ten005 } from "../../../../policies/rules/ten-005.ts";
import { ten007 } from "../../../../policies/rules/ten-007.ts";
import { judged, planned, problems } from "../../../support/judge.ts";
import { GOOD } from "../../../support/judged-pods.ts";

const later = { __pulumiUnknown: true };
const TENANT = "breakwater.dev/tenant";
const COMPONENT = "app.kubernetes.io/component";
const namespace = (name: string, tenant: string) =>
  planned("kubernetes:core/v1:Namespace", { metadata: { name, labels: { [TENANT]: tenant } } });
const home = namespace("tenant-a", "a");

function workload(component: string, at: string, tenant: string | undefined, spec: object = {}): RawResource {
  const labels = { [COMPONENT]: component, ...(tenant === undefined ? {} : { [TENANT]: tenant }) };
  const template = { metadata: { labels }, spec: { automountServiceAccountToken: false, containers: [GOOD], ...spec } };
  return planned("kubernetes:apps/v1:Deployment", { metadata: { namespace: at }, spec: { template } });
}

const cell = workload("cell", "tenant-a", "a");
const sandbox = workload("sandbox", "tenant-a", "a");
const router = workload("router", "breakwater", undefined);

test("TEN-001: a namespace and a cell for each tenant pass", () => {
  expect(judged("TEN-001", [home, cell, sandbox, router], { rules: [ten001] }).outcome).toBe("passed");
});

test.each<[string, RawResource[]]>([
  ["tenant a has 0 namespaces", [planned("kubernetes:core/v1:Namespace", { metadata: { name: "breakwater" } })]],
  ["tenant a has 2 namespaces", [home, cell, namespace("more", "a"), workload("cell", "more", "a")]],
  [
    "namespace tenant-b is of b, who is no tenant",
    [home, cell, namespace("tenant-b", "b"), workload("cell", "tenant-b", "b")],
  ],
  ["namespace tenant-a has 0 cells", [home, sandbox]],
  ["namespace tenant-a has 2 cells", [home, cell, cell]],
  ["a pod of b in the namespace of a", [home, cell, workload("sandbox", "tenant-a", "b")]],
  ["a pod of nobody in the namespace of a", [home, cell, workload("sandbox", "tenant-a", undefined)]],
])("TEN-001: %s", (problem, given) => {
  expect(problems("TEN-001", given, { rules: [ten001] })).toEqual([problem]);
});

const configMap = (component: string, data: unknown) =>
  planned("kubernetes:core/v1:ConfigMap", { metadata: { labels: { [COMPONENT]: component } }, data });
const settings = (component: string, content: object) =>
  configMap(component, { "settings.json": JSON.stringify(content) });
const login = (component: string, user: string) => settings(component, { database: { kind: "postgres", user } });
const users = (sql: string) => configMap("database-users", { "users.sql": sql, "make-users": "#!/bin/sh" });
const walls = (egress: object[], at = "tenant-a") =>
  planned("kubernetes:networking.k8s.io/v1:NetworkPolicy", { metadata: { namespace: at }, spec: { egress } });
const logins = [login("front-door", "front_door"), login("router", "router")];
const plain = "SELECT format('CREATE ROLE %I LOGIN', name) \\gexec\nCREATE DATABASE breakwater;";

test("TEN-004: a login a service, none of them above the grants, and no way for tenants pass", () => {
  const open = walls([{ ports: [{ port: 5432 }] }], "breakwater");
  const given = [home, cell, ...logins, users(plain), walls([{ ports: [{ port: 8080 }] }]), open];
  expect(judged("TEN-004", given, { rules: [ten004] }).outcome).toBe("passed");
});

const way = "a tenant's pods may get to a database's port";

test.each<[string, RawResource[]]>([
  [way, [home, walls([{ ports: [{ port: 5432 }] }])]],
  [way, [home, walls([{ ports: [{ port: "postgres" }] }])]],
  [way, [home, walls([{ to: [] }])]],
  [way, [home, walls([{ ports: [{ protocol: "TCP" }] }])]],
  ["users.sql gives a login SUPERUSER", [users("CREATE ROLE x LOGIN SUPERUSER;")]],
  ["users.sql gives a login BYPASSRLS", [users("alter user x with bypassrls;")]],
  [
    "router logs in as postgres, who may do everything",
    [login("front-door", "front_door"), login("router", "postgres")],
  ],
  ["router shares the login one with front-door", [login("front-door", "one"), login("router", "one")]],
])("TEN-004: %s", (problem, given) => {
  expect(problems("TEN-004", [cell, ...given], { rules: [ten004] })).toEqual([problem]);
});

test("TEN-004: settings that only an update knows leave it undecided, and hide no problem beside them", () => {
  const unknown = configMap("router", later);
  expect(judged("TEN-004", [cell, unknown], { rules: [ten004] }).outcome).toBe("unknown");
  const given = [cell, unknown, users("CREATE ROLE x CREATEROLE;")];
  expect(problems("TEN-004", given, { rules: [ten004] })).toEqual(["users.sql gives a login CREATEROLE"]);
});

const quota = (hard: object) =>
  planned("kubernetes:core/v1:ResourceQuota", { metadata: { namespace: "tenant-a" }, spec: { hard } });
const frontDoor = (...tenants: object[]) => settings("front-door", { tenants });

test("TEN-005: the front door counts what was agreed, and pods are counted", () => {
  const given = [home, quota({ pods: "2" }), frontDoor({ id: "a", max_agents: 3 })];
  expect(judged("TEN-005", given, { rules: [ten005] }).outcome).toBe("passed");
});

test.each<[string, RawResource[]]>([
  [
    "namespace tenant-a has no quota of pods",
    [quota({ "limits.memory": "1Gi" }), frontDoor({ id: "a", max_agents: 3 })],
  ],
  ["max_agents of a is 30, not 3", [quota({ pods: "2" }), frontDoor({ id: "a", max_agents: 30 })]],
  ["max_agents of a is missing, not 3", [quota({ pods: "2" }), frontDoor({ id: "b", max_agents: 3 })]],
  ["no settings of a front door are planned", [quota({ pods: "2" })]],
])("TEN-005: %s", (problem, given) => {
  expect(problems("TEN-005", [home, ...given], { rules: [ten005] })).toEqual([problem]);
});

test("TEN-005: settings that only an update knows leave it undecided", () => {
  const given = [home, quota({ pods: "2" }), configMap("front-door", later)];
  expect(judged("TEN-005", given, { rules: [ten005] }).outcome).toBe("unknown");
});

const release = (at: string) => planned("kubernetes:helm.sh/v3:Release", { namespace: at });
const vault = workload("vault", "vault", undefined, { serviceAccountName: "vault" });

test("TEN-007: shared parts elsewhere, each with its own identity or none, pass", () => {
  const given = [
    home,
    cell,
    sandbox,
    router,
    workload("front-door", "breakwater", undefined),
    vault,
    release("monitoring"),
  ];
  expect(judged("TEN-007", given, { rules: [ten007] }).outcome).toBe("passed");
});

test.each<[string, RawResource[]]>([
  ["router stands in the namespace of a", [workload("router", "tenant-a", "a")]],
  ["a release stands in tenant-a, which is a tenant's", [release("tenant-a")]],
  ["it shares the service account vault/vault", [vault, vault]],
  [
    "it shares the service account x/default",
    ["one", "two"].map((name) => workload(name, "x", undefined, { automountServiceAccountToken: true })),
  ],
])("TEN-007: %s", (problem, given) => {
  expect(problems("TEN-007", [home, ...given], { rules: [ten007] })).toEqual([problem]);
});
