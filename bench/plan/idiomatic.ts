import { createRequire } from "node:module";
import { type Kinds, makeTenants, measured } from "./tenants.ts";

/**
 * The program as Pulumi's documentation writes programs: `import * as` of whole packages, which a compiled program
 * requires, under the SDK's own mocks. The types are named here, because those of the packages take a minute to check.
 */
const require = createRequire(import.meta.url);

interface Options {
  readonly parent: unknown;
}

interface Pulumi {
  readonly ComponentResource: new (type: string, name: string) => { registerOutputs(): void };
  readonly runtime: {
    setMocks(mocks: object, project: string, stack: string, preview: boolean): Promise<void>;
    disconnect(): Promise<void>;
  };
}

interface Kubernetes {
  readonly core: { readonly v1: Pick<Kinds<Options>, "Namespace" | "ConfigMap" | "Service"> };
  readonly apps: { readonly v1: Pick<Kinds<Options>, "Deployment"> };
  readonly networking: { readonly v1: Pick<Kinds<Options>, "NetworkPolicy"> };
}

const pulumi = require("@pulumi/pulumi") as Pulumi;
const k8s = require("@pulumi/kubernetes") as Kubernetes;

class Tenant extends pulumi.ComponentResource {
  constructor(name: string) {
    super("bench:index:Tenant", name);
    this.registerOutputs();
  }
}

const kinds: Kinds<Options> = {
  Namespace: k8s.core.v1.Namespace,
  ConfigMap: k8s.core.v1.ConfigMap,
  Service: k8s.core.v1.Service,
  Deployment: k8s.apps.v1.Deployment,
  NetworkPolicy: k8s.networking.v1.NetworkPolicy,
  component: (name) => ({ parent: new Tenant(name) }),
};

await measured(async (resources) => {
  const newResource = ({ inputs }: { inputs: object }) => ({ id: "", state: inputs });
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "bench", "bench", true);
  const made = makeTenants(kinds, resources);
  await pulumi.runtime.disconnect();
  return made;
});
