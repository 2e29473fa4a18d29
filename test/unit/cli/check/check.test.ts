import { expect, test } from "vitest";
import { check } from "../../../../cli/check/check.ts";
import { renderReport } from "../../../../cli/check/render.ts";

const STANDARD = { level: "baseline", minor: 37 } as const;
const POD = "{containers: [{name: app, securityContext: {privileged: true}}]}";
const BAD_POD = `apiVersion: v1\nkind: Pod\nmetadata: {name: bad, namespace: shop}\nspec: ${POD}\n`;

const checked = (text: string, name = "a.yaml") => check([{ name, text }], STANDARD);
const codes = (text: string) => checked(text).problems.map(({ code, path }) => [code, path]);

const TEMPLATE = `template: {spec: ${POD}}`;

test.each([
  ["v1", "Pod", `spec: ${POD}`],
  ["v1", "PodTemplate", TEMPLATE],
  ["v1", "ReplicationController", `spec: {${TEMPLATE}}`],
  ["apps/v1", "Deployment", `spec: {${TEMPLATE}}`],
  ["apps/v1", "ReplicaSet", `spec: {${TEMPLATE}}`],
  ["apps/v1", "StatefulSet", `spec: {${TEMPLATE}}`],
  ["apps/v1", "DaemonSet", `spec: {${TEMPLATE}}`],
  ["extensions/v1beta1", "Deployment", `spec: {${TEMPLATE}}`],
  ["batch/v1", "Job", `spec: {${TEMPLATE}}`],
  ["batch/v1", "CronJob", `spec: {jobTemplate: {spec: {${TEMPLATE}}}}`],
])("a privileged container is found in %s %s", (apiVersion, kind, rest) => {
  const { ok, pods, violations } = checked(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\n${rest}\n`);
  expect([ok, pods]).toEqual([false, 1]);
  expect(violations).toEqual([
    expect.objectContaining({ kind, name: "x", place: "container app", control: "privileged", document: "1", line: 1 }),
  ]);
});

test("annotations of a workload's template are judged, not those of the workload", () => {
  const annotations = "{annotations: {container.apparmor.security.beta.kubernetes.io/app: unconfined}}";
  const deployment = (outer: string, inner: string) =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: ${outer}\nspec: {template: {metadata: ${inner}, spec: {containers: [{name: app}]}}}`;
  expect(checked(deployment(annotations, "{}")).violations).toEqual([]);
  expect(checked(deployment("{}", annotations)).violations.map(({ control }) => control)).toEqual(["appArmorProfile"]);
});

test("documents, lists and lists in lists are all judged, and named by their place", () => {
  const item = `{apiVersion: v1, kind: Pod, metadata: {name: inner}, spec: ${POD}}`;
  const list = (items: string) => `{apiVersion: v1, kind: List, items: [${items}]}`;
  const text = `${BAD_POD}---\n# nothing\n---\n${list(`${item}, ${list(item)}`)}\n---\n{apiVersion: v1, kind: PodList, items: [{spec: ${POD}}]}\n`;
  const { violations, problems } = checked(text);
  expect(violations.map(({ document, line }) => [document, line])).toEqual([
    ["1", 1],
    ["3.items[0]", 8],
    ["3.items[1].items[0]", 8],
    ["4.items[0]", 10],
  ]);
  expect(problems).toEqual([]);
});

test("objects of which Kubernetes makes no pod are counted, also where their kind has a pod's name", () => {
  const { ok, pods, notJudged } = checked(
    "{apiVersion: batch.example.com/v1, kind: Job, spec: {}}\n---\n{apiVersion: v1, kind: Service}\n---\n{apiVersion: v1, kind: Service}\n",
  );
  expect([ok, pods, notJudged]).toEqual([true, 0, { "Job.batch.example.com": 1, Service: 2 }]);
});

test("words for true are those of kubectl: yes and on are", () => {
  const network = (value: string) =>
    checked(`{apiVersion: v1, kind: Pod, spec: {hostNetwork: ${value}, containers: [{name: a}]}}`).violations.length;
  expect(["yes", "on", "true", "no", "off"].map(network)).toEqual([1, 1, 1, 0, 0]);
});

test("dates and times in annotations are text, as kubectl reads them", () => {
  const text =
    "{apiVersion: v1, kind: Pod, metadata: {annotations: {a: 2026-11-24, b: 12:30}}, spec: {containers: [{name: a}]}}";
  expect(checked(text)).toMatchObject({ ok: true, pods: 1 });
});

test("JSON is read, with tabs too", () => {
  const json = JSON.stringify({ apiVersion: "v1", kind: "Pod", spec: { containers: [{ name: "a" }] } }, null, "\t");
  expect(checked(json, "a.json")).toMatchObject({ ok: true, pods: 1, problems: [] });
});

test.each([
  ["", "an empty file"],
  ["# only words\n", "a comment"],
  ["---\n---\n", "empty documents"],
])("%j, %s, is a fault", (text) => expect(codes(text)).toEqual([["check/empty", "a.yaml"]]));

test.each([
  ["kind: Pod\nmetadata: {\n", 3],
  ["kind: Pod\nspec: a: b\n", 2],
  ["kind: Pod\nkind: Pod\n", 2],
])("%j is not YAML, in line %i", (text, line) => {
  expect(codes(text)).toEqual([["check/not-yaml", `a.yaml, line ${line}`]]);
});

test("an alias that repeats itself without end is a fault", () => {
  expect(codes("{apiVersion: v1, kind: List, items: &a [*a]}").map(([code]) => code)).not.toEqual([]);
});

test("a broken document does not hide the others", () => {
  const { violations, problems } = checked(`spec: a: b\n---\n${BAD_POD}`);
  expect(problems.map(({ code, path }) => [code, path])).toEqual([["check/not-yaml", "a.yaml, line 1"]]);
  expect(violations.map(({ document, line }) => [document, line])).toEqual([["2", 3]]);
});

test.each([
  ["apiVersion: v1\n{{- if .Values.pod }}\nkind: Pod\n{{- end }}\n", "a.yaml, line 2"],
  ["apiVersion: v1\nkind: Pod\nspec:\n  containers: {{ .Values.all }}\n", "a.yaml, line 4"],
  ['apiVersion: v1\nkind: Pod\nmetadata: {name: "{{ .Release.Name }}"}\n', "a.yaml, document 1, line 1"],
  [
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostNetwork: "{{ .Values.host }}", containers: [{name: a}]}\n',
    "a.yaml, document 1, line 1, Pod/a",
  ],
])("the template %j has to be rendered first", (text, path) => {
  expect(codes(text)).toEqual([["check/template", path]]);
});

test("braces that are an argument's own are no template", () => {
  const text = '{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, args: ["--format={{.Name}}"]}]}}';
  expect(checked(text)).toMatchObject({ ok: true, pods: 1 });
});

test.each(["- a\n", "just words\n", "image: a\n", "{apiVersion: v2, name: chart}\n"])("%j is not an object", (text) => {
  expect(codes(text)).toEqual([["check/not-an-object", "a.yaml, document 1, line 1"]]);
});

test.each([
  [
    "spec: {containers: [{name: a, securityContext: {privileged: enabled}}]}",
    "spec.containers.0.securityContext.privileged",
  ],
  ["spec: {containers: []}", "spec.containers"],
  ["spec: {}", "spec.containers"],
  ["metadata: {annotations: {a: 1}}\nspec: {containers: [{name: a}]}", "metadata.annotations.a"],
])("a pod that the API server cannot decode is a fault, with the field: %s", (rest, field) => {
  const [problem, ...others] = checked(`apiVersion: v1\nkind: Pod\n${rest}\n`).problems;
  expect([problem?.code, others]).toEqual(["check/malformed-pod", []]);
  expect(problem?.got).toContain(`${field}: `);
});

test("a workload without a pod template is a fault", () => {
  expect(codes("{apiVersion: apps/v1, kind: Deployment, spec: {}}").map(([code]) => code)).toEqual([
    "check/malformed-pod",
  ]);
});

test("a line says where, what and what to do; the last one sums up", () => {
  const lines = renderReport(checked(`${BAD_POD}---\n{apiVersion: v1, kind: Service}\n`)).split("\n");
  expect(lines).toEqual([
    "a.yaml:1 Pod/shop/bad container app: privileged: securityContext.privileged is true; remove securityContext.privileged or set it to false",
    "baseline v1.37: 1 pod in 1 file; 1 violate it (1 problem); without a pod, not judged: 1 Service",
  ]);
});
