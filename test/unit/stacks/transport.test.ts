import { expect, test } from "vitest";
import { readEnvironmentFile } from "../../../cli/environment.ts";
import { certifiedServers } from "../../../stacks/transport.ts";

import { localSections, type PlannedResource, recordPlan } from "../../support/plan.ts";

const named = (environment: string) =>
  certifiedServers(readEnvironmentFile(environment).settings).map(({ certificate, names }) => [certificate, ...names]);

test("each server inside is certified for the one name by which it is reached; a cell for its pod's loopback too", () => {
  expect(named("local")).toEqual([
    ["platform/router-tls.crt", "DNS:router.breakwater.svc.cluster.local"],
    ["platform/echo-model-tls.crt", "DNS:echo-model.breakwater.svc.cluster.local"],
    ["platform/postgres-tls.crt", "DNS:postgres.breakwater.svc.cluster.local"],
    ...["marketing", "engineering", "customer-service"].map((id) => [
      `tenants/${id}/cell-tls.crt`,
      `DNS:cell.tenant-${id}.svc.cluster.local`,
      "IP:127.0.0.1",
    ]),
  ]);
});

test("a model that vLLM serves is certified, one that a NIM serves is not", () => {
  const models = named("acme-dgx").filter(([file]) => file?.includes("/model-"));
  expect(models).toEqual([["platform/model-nemotron-nano-tls.crt", "DNS:nemotron-nano.inference.svc.cluster.local"]]);
});

/** Every file of a certificate that the pods of a plan are given. */
function mounted(plan: readonly PlannedResource[]): readonly string[] {
  const files = plan
    .filter(({ type }) => type === "breakwater:index:SecretFiles")
    .flatMap(({ inputs }) => Object.values(inputs["files"] as Record<string, string>));
  return [...new Set(files.filter((file) => /-tls\.(crt|key)$/.test(file)))].sort();
}

test("whatever certificate a pod is given is one that is made, and none is made for nobody", async () => {
  const made = certifiedServers(readEnvironmentFile("local").settings).flatMap(({ certificate, key }) => [
    certificate,
    key,
  ]);
  expect(mounted(await recordPlan(localSections()))).toEqual([...made].sort());
});
