import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { recordRun } from "../../cli/plan/recorder.ts";
import { Component } from "../../components/component.ts";
import { type Kinds, makeTenants, measured } from "./tenants.ts";

/** The program as this repository writes programs: each class by its own module, recorded as `breakwater plan` does. */
class Tenant extends Component {
  constructor(name: string) {
    super("breakwater:bench:Tenant", name);
    this.registerOutputs();
  }
}

const kinds: Kinds<CustomResourceOptions> = {
  ...{ Namespace, NetworkPolicy, ConfigMap, Service, Deployment },
  component: (name) => ({ parent: new Tenant(name) }),
};

await measured(async (resources) => {
  const plan = await recordRun("bench", {}, () => makeTenants(kinds, resources));
  return plan.length;
});
