import { expect, test } from "vitest";
import { missingParts } from "../../../../tools/cluster/foreign.ts";
import { selectCluster } from "../../../../tools/cluster/select.ts";

const nothing = {
  forced: undefined,
  kubeconfig: undefined,
  nodeKubeconfig: "/state/admin.kubeconfig",
  hasKind: false,
  dockerAnswers: false,
};

test("the user's cluster comes before kind, kind before our own node", () => {
  const all = { ...nothing, kubeconfig: "/home/a/.kube/config", hasKind: true, dockerAnswers: true };
  expect(selectCluster(all).kind).toBe("kubeconfig");
  expect(selectCluster({ ...all, kubeconfig: undefined }).kind).toBe("kind");
  expect(selectCluster(nothing).kind).toBe("node");
});

test("BREAKWATER_CLUSTER=node comes before all", () => {
  const facts = { ...nothing, forced: "node", kubeconfig: "/home/a/.kube/config" };
  expect(selectCluster(facts)).toEqual({ kind: "node", reason: "BREAKWATER_CLUSTER=node" });
});

test("KUBECONFIG with our own node's file is our own node", () => {
  expect(selectCluster({ ...nothing, kubeconfig: "/state/admin.kubeconfig" }).kind).toBe("node");
});

test("kind without an engine is not chosen, and the reason says so", () => {
  const selection = selectCluster({ ...nothing, hasKind: true });
  expect(selection).toEqual({ kind: "node", reason: "KUBECONFIG is not set and no Docker engine answers" });
});

test("a cluster without gVisor and default storage lacks both, each with its own code", () => {
  const codes = missingParts([], [{ metadata: { name: "slow" } }]).map(({ code }) => code);
  expect(codes).toEqual(["cluster/no-gvisor", "cluster/no-storage"]);
});

test("a cluster with both lacks nothing", () => {
  const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
  expect(missingParts([{ metadata: { name: "gvisor" } }], [{ metadata: { name: "local", annotations } }])).toEqual([]);
});
