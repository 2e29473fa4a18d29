import { expect, test } from "vitest";
import { forPeople } from "../../../../cli/plan/people.ts";
import { summaryOf } from "../../../../cli/plan/summary.ts";
import { warningsOf } from "../../../../cli/plan/warnings.ts";
import { parseSettings } from "../../../../runtime/settings/index.ts";
import { testOffer } from "../../../support/offers.ts";
import { cloudSections, placeWith } from "../../../support/places.ts";
import { localSections } from "../../../support/plan.ts";

const image = `registry.company.com/vllm@sha256:${"0".repeat(64)}`;
const model = { name: "m", engine: "vllm", model: "a/b-8b", precision: "bf16", image, gpu: "h100", gpus: 8 };

test("the summary names for each pool the machine type that the checks looked at", () => {
  const place = placeWith({ sections: { inference: { models: [model] } } });
  expect(summaryOf(place).pools.map(({ pool, machine, min, max }) => `${pool} ${min}-${max} ${machine}`)).toEqual([
    "system 3-6 plain.2",
    "agents 2-4 plain.4",
    "sandbox 2-4 plain.4",
    "gpu-h100 0-1 gpu.8",
  ]);
});

test("sandboxes of kata are on machines that run virtual machines", () => {
  const { pools } = summaryOf(placeWith({ sections: { openshell: { isolation: "kata" } } }));
  expect(pools.find(({ pool }) => pool === "sandbox")?.machine).toBe("virt.4");
  expect(pools.find(({ pool }) => pool === "agents")?.machine).toBe("plain.4");
});

test("one machine has no pools, no vault, no standby and no Kubernetes version of its own", () => {
  const place = placeWith({
    sections: { deployment: { topology: "local", region: "local", people: 500 } },
    place: { offer: undefined },
  });
  const { pools, vault, kubernetes, database } = summaryOf(place);
  expect([pools, vault, kubernetes, database.standby]).toEqual([[], undefined, undefined, false]);
});

test("another number of people is as if the file said so: nodes, database and everything that is deployed", () => {
  const sections = cloudSections();
  const environment = { name: "acme-test", file: "f", sections, ...parseSettings(sections) };
  const other = forPeople(environment, 500);
  expect(other.sections["deployment"]).toEqual({ ...(sections["deployment"] as object), people: 500 });
  expect(other.settings.deployment.people).toBe(500);
  expect({ ...other.settings, deployment: undefined }).toEqual({ ...environment.settings, deployment: undefined });
  expect(environment.sections["deployment"]).not.toHaveProperty("people");
});

test.each([0, 5001])("%i people are refused as the file's own number would be", (people) => {
  const sections = localSections();
  const environment = { name: "local", file: "f", sections, ...parseSettings(sections) };
  expect(() => forPeople(environment, people)).toThrow("[settings/out-of-range] deployment.people");
});

test("a quota that a fresh account has not is a warning with its limit and its source, and nothing that it has", () => {
  expect(warningsOf(placeWith()).filter((text) => text.includes("fresh account"))).toEqual([
    "a fresh account has 32 vCPUs, and this needs 44 at its largest: have it raised first (a test, 2026-11-24)",
  ]);
});

test("a plan for a place that nobody has tried says so", () => {
  expect(warningsOf(placeWith())).toContain(
    "planned, not verified: no account of aws has accepted this plan yet (docs/topologies/aws.md)",
  );
  const local = placeWith({
    sections: { deployment: { topology: "local", region: "local" } },
    place: { offer: undefined },
  });
  expect(warningsOf(local).filter((text) => text.includes("not verified"))).toEqual([]);
});

test("a public entry in mainland China is warned of the filing that it needs", () => {
  const entry = (exposure: string) =>
    warningsOf(
      placeWith({
        sections: { deployment: { topology: "aws", region: "cn-1" }, network: { host: "agents.company.cn", exposure } },
        place: { offer: testOffer },
      }),
    ).filter((text) => text.includes("ICP"));
  expect(entry("public")).toEqual(["agents.company.cn needs an ICP filing before it is public in mainland China"]);
  expect(entry("internal")).toEqual([]);
});

test("a served model is shown on the GPUs that it was sized for, or on the part of one", () => {
  const models = [
    { ...model, gpus: undefined, model: "acme/tuned-70b" },
    { ...model, name: "n", gpus: undefined, mig_profile: "3g.40gb" },
  ];
  expect(summaryOf(placeWith({ sections: { inference: { models } } })).served.map(({ gpus }) => gpus)).toEqual([
    "4 x h100 in bf16",
    "3g.40gb of h100 in bf16",
  ]);
});
