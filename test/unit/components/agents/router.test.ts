import { expect, test } from "vitest";
import { RouterSettings } from "../../../../runtime/settings/services.ts";
import { localSections, objectAt, recordPlan, specOf } from "../../../support/plan.ts";
import { workloadAt } from "../../../support/pods.ts";

const plan = await recordPlan(localSections());

test("there are as many model routers as the settings say, and two when they say nothing", async () => {
  const { prices } = localSections()["model_router"] as { prices: unknown };
  const replicasOf = async (section: object) =>
    workloadAt(await recordPlan({ ...localSections(), model_router: { prices, ...section } }), "breakwater/router")
      .replicas;
  expect(await replicasOf({})).toBe(2);
  expect(await replicasOf({ replicas: 4 })).toBe(4);
});

test("a router that is told to stop may finish the longest answer and settle it", () => {
  const { data } = objectAt(plan, "ConfigMap", "breakwater", "router-settings").inputs as {
    data: Record<string, string>;
  };
  const { upstream_timeout_seconds } = RouterSettings.parse(JSON.parse(data["settings.json"] ?? ""));
  expect(workloadAt(plan, "breakwater/router").pod.terminationGracePeriodSeconds).toBeGreaterThan(
    upstream_timeout_seconds,
  );
});

test("the router is reached by its name inside the cluster and by no port of the node", () => {
  expect(specOf(objectAt(plan, "Service", "breakwater", "router"))).toEqual({
    selector: { "app.kubernetes.io/component": "router" },
    ports: [{ name: "http", port: 8080, targetPort: "http" }],
  });
});
