import { expect, test } from "vitest";
import type { NodePool } from "../../../components/demand.ts";
import { machineFor } from "../../../components/machines.ts";
import type { PoolRole } from "../../../components/platform.ts";
import { isTainted, POOL_LABEL, poolLabels, poolPlacement } from "../../../components/pools.ts";
import { testOffer } from "../../support/offers.ts";

const ROLES: readonly PoolRole[] = ["system", "agents", "sandbox", "gpu"];

test.each(ROLES)("a pod of role %s goes to that role's nodes and to no others", (role) => {
  expect(poolPlacement(role).nodeSelector).toEqual({ [POOL_LABEL]: role });
});

test("only pods made for them run on the nodes of sandboxes and of GPUs", () => {
  expect(ROLES.filter(isTainted)).toEqual(["sandbox", "gpu"]);
  for (const role of ROLES) {
    const toleration = { key: POOL_LABEL, operator: "Equal", value: role, effect: "NoSchedule" };
    expect(poolPlacement(role).tolerations).toEqual(isTainted(role) ? [toleration] : undefined);
  }
});

const pool = (vcpus: number, memoryGiB: number, gpu?: NodePool["gpu"]): NodePool => ({
  ...{ name: "p", role: gpu === undefined ? "agents" : "gpu", vcpus, memoryGiB, min: 1, max: 2, podsPerNode: 40 },
  ...(gpu === undefined ? {} : { gpu }),
});
const chosen = (asked: NodePool, region = "east-1", virtualization = false) =>
  machineFor(asked, { offer: testOffer, region, virtualization })?.name;

test("nodes say their role, and those with GPUs which kind, because an environment can have two", () => {
  expect(poolLabels(pool(4, 16))).toEqual({ "breakwater.dev/pool": "agents" });
  expect(poolLabels(pool(4, 16, { kind: "l40s", perNode: 1 }))).toEqual({
    "breakwater.dev/pool": "gpu",
    "breakwater.dev/gpu": "l40s",
  });
});

test("the cheapest machine type that is at least what is asked for is chosen", () => {
  expect(chosen(pool(4, 16))).toBe("plain.4");
  expect(chosen(pool(3, 9))).toBe("plain.4");
  expect(chosen(pool(2, 17))).toBe("plain.8");
  expect(chosen(pool(17, 1))).toBeUndefined();
});

test("a machine with GPUs is for models only, of the kind that they were sized for", () => {
  expect(chosen(pool(100, 1000))).toBeUndefined();
  expect(chosen(pool(4, 16, { kind: "l40s", perNode: 1 }))).toBe("gpu.1");
  expect(chosen(pool(4, 16, { kind: "l40s", perNode: 2 }))).toBeUndefined();
  expect(chosen(pool(4, 16, { kind: "b200", perNode: 1 }))).toBeUndefined();
});

test("what a region does not sell is not chosen there", () => {
  expect(chosen(pool(4, 16, { kind: "h100", perNode: 8 }), "east-2")).toBeUndefined();
});

test("where virtual machines have to run, only a machine that runs them is chosen", () => {
  expect(chosen(pool(8, 32), "east-1", true)).toBe("virt.16");
  expect(chosen(pool(8, 32), "east-2", true)).toBeUndefined();
});
