import { expect, test } from "vitest";
import { problemsOf } from "../../../../stacks/placement/index.ts";
import { testOffer } from "../../../support/offers.ts";
import { placeWith, refusalsOf } from "../../../support/places.ts";

const image = `nvcr.io/nim/nvidia/a@sha256:${"0".repeat(64)}`;
const model = { name: "m", engine: "vllm", model: "a/b", precision: "bf16", image };
const kata = { openshell: { isolation: "kata" } };
const inEast2 = { deployment: { topology: "aws", region: "east-2" } };
const served = (gpu: string, more: object = {}) => ({ inference: { models: [{ ...model, gpu, ...more }] } });

test("a GPU kind that the region does not sell is refused with the nearest one that it does", () => {
  const [problem, ...others] = problemsOf(placeWith({ sections: served("h200") }));
  expect(others).toEqual([]);
  expect(problem).toEqual({
    code: "placement/gpu-kind",
    path: "inference.models[0].gpu",
    got: "h200, which east-1 does not sell",
    expected: "a kind that is sold there, nearest h100; all: h100, l40s",
    remedy: "write h100, or choose another region",
    source: "a test, 2026-11-24",
  });
});

test("in a region that sells no GPU nothing is named as nearest", () => {
  const [problem] = problemsOf(placeWith({ sections: { ...inEast2, ...served("h100") } }));
  expect([problem?.code, problem?.expected]).toEqual([
    "placement/gpu-kind",
    "no GPU at all: Breakwater knows none in east-2",
  ]);
});

test("more GPUs than one machine has are refused with the number that one has", () => {
  const [problem] = problemsOf(placeWith({ sections: served("h100", { gpus: 16, model: "acme/tuned-405b" }) }));
  expect([problem?.code, problem?.expected, problem?.remedy]).toEqual([
    "placement/gpu-count",
    "at most 8 GPUs on one machine",
    "set gpus to 8 or fewer, or choose a kind with more memory",
  ]);
});

test("kata is refused in a region whose machines run no virtual machines, and taken where they do", () => {
  expect(refusalsOf({ sections: kata })).toEqual([]);
  const [problem, ...others] = problemsOf(placeWith({ sections: { ...inEast2, ...kata } }));
  expect(others).toEqual([]);
  expect([problem?.code, problem?.path, problem?.expected]).toEqual([
    "placement/machine",
    "openshell.isolation",
    "machines in east-2 that have this and run virtual machines, which kata needs; there are none",
  ]);
});

test("nodes larger than any machine are refused with the largest that there is", () => {
  const huge = { vcpus: 128, memoryGiB: 512 };
  const [problem] = problemsOf(
    placeWith({ demand: (demand) => ({ ...demand, pools: demand.pools.map((pool) => ({ ...pool, ...huge })) }) }),
  );
  expect([problem?.code, problem?.path, problem?.expected]).toEqual([
    "placement/machine",
    "deployment.size",
    "no more than plain.16 has (16 vCPUs, 64 GiB), the largest in east-1",
  ]);
});

test("an isolation that the cloud's nodes do not allow is refused with the reason and the other one", () => {
  const offer = { ...testOffer, isolation: { gvisor: "yes", kata: { no: "nodes have no /dev/kvm" } } } as const;
  expect(problemsOf(placeWith({ sections: kata, place: { offer } }))).toEqual([
    {
      code: "placement/isolation",
      path: "openshell.isolation",
      got: "kata",
      expected: "gvisor, because on aws nodes have no /dev/kvm",
      remedy: "set it to gvisor",
      source: "components/aws/offer.ts",
    },
  ]);
});

test("where neither isolation is allowed another topology is the remedy", () => {
  const offer = { ...testOffer, isolation: { gvisor: { no: "of a reason" }, kata: { no: "of another" } } };
  expect(problemsOf(placeWith({ place: { offer } }))[0]?.remedy).toBe("choose another topology");
});

test("a model that does not fit into its GPUs is refused in the words of the sizing", () => {
  const misfit = {
    index: 0,
    field: "gpus",
    got: "1",
    expected: "4",
    remedy: "set it to 4",
    source: "a table",
  } as const;
  expect(problemsOf(placeWith({ sections: served("h100"), place: { gpuMisfits: [misfit] } }))).toEqual([
    {
      code: "placement/gpu-fit",
      path: "inference.models[0].gpus",
      got: "1",
      expected: "4",
      remedy: "set it to 4",
      source: "a table",
    },
  ]);
});

test("NIM is refused where its operator is not installed, and vLLM is taken", () => {
  expect(refusalsOf({ sections: served("h100", { engine: "nim" }) })).toEqual([
    "placement/nim-operator inference.models[0].engine",
  ]);
  expect(refusalsOf({ sections: served("h100") })).toEqual([]);
});

test("a model on the one local machine is refused, whose node hands out no GPU", () => {
  const local = { deployment: { topology: "local", region: "local" } };
  expect(refusalsOf({ sections: { ...local, ...served("h100") }, place: { offer: undefined } })).toEqual([
    "placement/gpu-kind inference.models",
  ]);
});
