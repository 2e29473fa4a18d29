import { expect, test } from "vitest";
import {
  type MachineFacts,
  nodeProblems,
  packageOf,
  packagesFor,
} from "../../../../tools/cluster/node/requirements.ts";

const fit: MachineFacts = {
  platform: "linux",
  arch: "x64",
  root: true,
  hasApt: true,
  missing: [],
  takenPorts: [],
  freeDiskBytes: 50 * 1024 ** 3,
  memoryBytes: 16 * 1024 ** 3,
  foreignKubelet: false,
  bridgeNetfilter: true,
  iptablesFailure: undefined,
  hasOverlay: true,
  clashingRoutes: [],
};

test("a fit machine has no problem", () => {
  expect(nodeProblems(fit)).toEqual([]);
});

const unfit: readonly (readonly [string, Partial<MachineFacts>])[] = [
  ["cluster/platform", { platform: "darwin" }],
  ["cluster/platform", { arch: "arm64" }],
  ["cluster/not-root", { root: false }],
  ["cluster/missing-command", { missing: ["runc"] }],
  ["cluster/low-disk", { freeDiskBytes: 20 * 1024 ** 3 - 1 }],
  ["cluster/low-memory", { memoryBytes: 6 * 1024 ** 3 - 1 }],
  ["cluster/port-taken", { takenPorts: [{ port: 6443, holder: "nginx (process 7)" }] }],
  ["cluster/foreign-kubelet", { foreignKubelet: true }],
  ["cluster/no-bridge-netfilter", { bridgeNetfilter: false }],
  ["cluster/no-iptables", { iptablesFailure: "not permitted" }],
  ["cluster/no-overlay", { hasOverlay: false }],
  ["cluster/address-clash", { clashingRoutes: ["10.96.0.0/12 dev eth1"] }],
];

test.each(unfit)("%s is named by %o alone", (code, change) => {
  expect(nodeProblems({ ...fit, ...change }).map((problem) => problem.code)).toEqual([code]);
});

test("everything that is wrong is named at once", () => {
  const change = { root: false, missing: ["ipset"], freeDiskBytes: 0, takenPorts: [{ port: 2379, holder: "etcd" }] };
  expect(nodeProblems({ ...fit, ...change }).map(({ code }) => code)).toEqual([
    "cluster/not-root",
    "cluster/missing-command",
    "cluster/low-disk",
    "cluster/port-taken",
  ]);
});

test("missing commands become one line that installs each package once", () => {
  const [problem] = nodeProblems({ ...fit, missing: ["cni:bridge", "cni:portmap", "etcd"] });
  expect(problem?.remedy).toBe(
    "run: apt-get install -y --no-install-recommends containernetworking-plugins etcd-server",
  );
});

test("where there is no apt the packages are named and no apt command is given", () => {
  const [problem] = nodeProblems({ ...fit, hasApt: false, missing: ["ip"] });
  expect(problem?.remedy).toBe("install what Debian calls: iproute2 (this machine has no apt-get)");
});

test("every command that the node needs has a package", () => {
  expect(packagesFor(Object.keys(packageOf)).length).toBeGreaterThan(5);
  expect(Object.values(packageOf).filter((name) => !/^[a-z0-9-]+$/.test(name))).toEqual([]);
});
