import { describe, expect, test } from "vitest";
import { judged, problems } from "../../../support/judge.ts";
import { CONTEXT, everywhere, GOOD, pod, withContext } from "../../../support/judged-pods.ts";

const POD_RULES = ["K8S-004", "K8S-005", "K8S-006", "K8S-007", "K8S-008", "K8S-009", "SUP-001"];

test("a hardened pod passes every rule about pods, in whatever holds it", () => {
  for (const id of POD_RULES) {
    for (const resource of everywhere(GOOD)) expect([id, judged(id, [resource]).outcome]).toEqual([id, "passed"]);
  }
});

test("a workload whose shape no rule knows is an error, not a pass", () => {
  const shapeless = { ...pod(), inputs: { spec: {} } };
  for (const id of POD_RULES) expect(() => judged(id, [shapeless])).toThrow();
});

describe.each([
  ["K8S-004", { privileged: true }, "privileged is true"],
  ["K8S-005", { runAsNonRoot: undefined }, "runAsNonRoot is not true"],
  ["K8S-005", { runAsUser: 0 }, "runAsUser is 0"],
  ["K8S-005", { allowPrivilegeEscalation: undefined }, "allowPrivilegeEscalation is not false"],
  ["K8S-006", { capabilities: { drop: ["NET_RAW"] } }, "capabilities.drop lacks ALL"],
  ["K8S-006", { capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } }, "capabilities.add has SYS_ADMIN"],
  ["K8S-007", { seccompProfile: { type: "Unconfined" } }, "seccompProfile is Unconfined"],
  ["K8S-007", { seccompProfile: undefined }, "seccompProfile is missing"],
  ["K8S-008", { readOnlyRootFilesystem: false }, "readOnlyRootFilesystem is not true"],
])("%s", (id, change, problem) => {
  test(`${problem}: refused wherever the container is`, () => {
    for (const resource of everywhere(withContext(change))) {
      expect(problems(id, [resource])).toEqual([`container cell: ${problem}`]);
    }
  });
});

test("K8S-006: the right to listen on low ports may be added back", () => {
  const change = { capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } };
  expect(judged("K8S-006", [pod(withContext(change))]).outcome).toBe("passed");
});

test.each(["hostNetwork", "hostPID", "hostIPC"])("K8S-009: %s is refused", (field) => {
  expect(problems("K8S-009", [pod(GOOD, { [field]: true })])).toEqual([`the pod sets ${field}`]);
});

test("K8S-009: a folder or a port of the node is refused", () => {
  const volumes = [{ name: "root", hostPath: { path: "/" } }];
  expect(problems("K8S-009", [pod(GOOD, { volumes })])).toEqual(["volume root is a hostPath"]);
  expect(problems("K8S-009", [pod({ ...GOOD, ports: [{ containerPort: 1, hostPort: 80 }] })])).toEqual([
    "container cell takes hostPort 80",
  ]);
});

test("what the pod sets holds for its containers unless they set their own", () => {
  const { runAsNonRoot, seccompProfile, ...own } = CONTEXT;
  const securityContext = { runAsNonRoot, seccompProfile };
  const inherits = pod({ ...GOOD, securityContext: own }, { securityContext });
  for (const id of ["K8S-005", "K8S-007"]) expect(judged(id, [inherits]).outcome).toBe("passed");
  const weakened = { ...GOOD, securityContext: { ...own, runAsNonRoot: false } };
  expect(problems("K8S-005", [pod(weakened, { securityContext })])).toEqual([
    "container cell: runAsNonRoot is not true",
  ]);
});

test.each([
  ["a tag", "docker.io/breakwater/cell:1"],
  ["a shortened digest", "cell@sha256:abc"],
])("SUP-001: %s is refused wherever the container is", (_, image) => {
  for (const resource of everywhere({ ...GOOD, image })) {
    expect(problems("SUP-001", [resource])).toEqual([`container cell runs ${image}`]);
  }
});
