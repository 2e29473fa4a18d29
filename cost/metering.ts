import type { Settings } from "@breakwater/runtime/settings";
import type { MeterContext, Metered, Meters } from "./meter.ts";
import { free, unpriced } from "./meter.ts";
import { alicloudMeters } from "./meters/alicloud.ts";
import { awsMeters } from "./meters/aws.ts";
import { kubernetesMeters } from "./meters/kubernetes.ts";
import { programMeters } from "./meters/program.ts";
import { tencentcloudMeters } from "./meters/tencentcloud.ts";
import { type CostedResource, Unreadable } from "./resource.ts";
import { volumesOf } from "./volumes.ts";

const METERS: readonly Meters[] = [awsMeters, alicloudMeters, tencentcloudMeters, kubernetesMeters, ...programMeters];

/** Who is paid for what a topology rents; regions of AWS China are another provider, with other prices in CNY. */
function providerOf({ deployment: { topology, region } }: Settings): string {
  switch (topology) {
    case "aws":
      return region.startsWith("cn-") ? "aws-cn" : "aws";
    case "alibaba":
      return "alicloud";
    case "tencent":
      return "tencentcloud";
    case "dgx":
    case "local":
      return "";
  }
}

const PROVIDERS = /^pulumi:providers:(aws|alicloud|tencentcloud)$/;

/** The region that the plan's provider is told; that of the settings where a plan names none. */
function regionOf(resources: readonly CostedResource[], settings: Settings): string {
  const region = resources.find(({ type }) => PROVIDERS.test(type))?.inputs["region"];
  return typeof region === "string" ? region : settings.deployment.region;
}

/** What meters know of a plan. */
export function contextOf(
  resources: readonly CostedResource[],
  settings: Settings,
  { people, gpuHours }: Pick<MeterContext, "people" | "gpuHours">,
): MeterContext {
  const provider = providerOf(settings);
  // Few meters look at another resource, and a plan has many.
  let byUrn: ReadonlyMap<string, CostedResource> | undefined;
  const first = new Map<string, string>();
  for (const { type, urn } of resources) if (!first.has(type)) first.set(type, urn);
  const namespaces = new Map(settings.multi_tenant.tenants.map(({ id }) => [`tenant-${id}`, id]));
  return {
    ...{ provider, region: regionOf(resources, settings), settings, people, gpuHours },
    resource: (urn) => {
      byUrn ??= new Map(resources.map((resource) => [resource.urn, resource]));
      return byUrn.get(urn);
    },
    volume: volumesOf(resources, provider),
    tenantOf: (namespace) => (namespace === undefined ? undefined : namespaces.get(namespace)),
    isFirst: ({ type, urn }) => first.get(type) === urn,
  };
}

/** How a type is counted; undefined where nobody thought of it. @internal for the test over all environments */
export function coverageOf(type: string): "metered" | "free" | undefined {
  const provider = METERS.find(({ prefix }) => type.startsWith(prefix));
  if (provider === undefined) return undefined;
  if (Object.hasOwn(provider.meters, type)) return "metered";
  return Object.hasOwn(provider.free, type) || provider.others !== undefined ? "free" : undefined;
}

/** What one resource uses in a month. What cannot be read, and what no meter knows, is unpriced and never nothing. */
export function meterResource(resource: CostedResource, context: MeterContext): readonly Metered[] {
  const { type } = resource;
  const provider = METERS.find(({ prefix }) => type.startsWith(prefix));
  const meter = provider?.meters[type];
  if (meter !== undefined) {
    try {
      return meter(resource, context);
    } catch (error) {
      if (error instanceof Unreadable) return [unpriced("compute", shortType(type), error.message)];
      throw error;
    }
  }
  const reason = provider?.free[type];
  if (reason !== undefined) return [free(reason)];
  return [provider?.others ?? unpriced("compute", shortType(type), `no meter knows ${type}`)];
}

function shortType(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}
