import { exactHost, resolveProvider, type Settings } from "@breakwater/runtime/settings";

/** An address outside the cluster that the settings make the platform reach. */
export interface Endpoint {
  readonly path: string;
  readonly host: string;
  /** Whether the author states that it is the company's own. */
  readonly declaredInside: boolean;
}

/** Where NVIDIA's catalogue is: what `source: ngc` means. */
const NGC = "nvcr.io";

/** Every address that the settings name, for the rules about what may leave. A new one belongs here. */
export function endpointsOf(settings: Settings): readonly Endpoint[] {
  const { audit, inference, kubernetes, monitoring, vault } = settings;
  const { existing } = kubernetes;
  const undeclared = (path: string, host: string): Endpoint => ({ path, host, declaredInside: false });
  return [
    ...providers(settings),
    ...audit.exports.flatMap((destination, index) => {
      if (destination.kind === "file") return [];
      if (destination.kind === "syslog") return [undeclared(`audit.exports[${index}].host`, hostOf(destination.host))];
      return [undeclared(`audit.exports[${index}].url`, hostOf(destination.url))];
    }),
    ...inference.models.flatMap(({ source, image }, index) => [
      undeclared(`inference.models[${index}].source`, source === "ngc" ? NGC : hostOf(source)),
      undeclared(`inference.models[${index}].image`, registryOf(image)),
    ]),
    ...(existing === undefined
      ? []
      : [
          undeclared("kubernetes.existing.registry", registryOf(existing.registry)),
          undeclared("kubernetes.existing.charts", hostOf(existing.charts)),
        ]),
    ...(monitoring?.smtp === undefined ? [] : [undeclared("monitoring.smtp.host", monitoring.smtp.host)]),
    ...(monitoring?.charts === undefined ? [] : [undeclared("monitoring.charts", hostOf(monitoring.charts))]),
    ...(vault.transit_address === undefined
      ? []
      : [undeclared("vault.transit_address", hostOf(vault.transit_address))]),
  ];
}

function providers({ model_providers }: Settings): readonly Endpoint[] {
  return Object.entries(model_providers).flatMap(([name, entry]) => {
    const { host, internal } = resolveProvider(entry);
    return host === "" ? [] : [{ path: `model_providers.${name}`, host, declaredInside: internal }];
  });
}

/** Host of a URL; of an `s3://bucket` the bucket, which is no host of anybody's network. */
function hostOf(address: string): string {
  return exactHost(address) ?? address;
}

/** `registry.company.com:5000/name@sha256:...` -> `registry.company.com`; a name without a registry is Docker Hub's. */
function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  const isHost =
    rest.length === 0 ? !image.includes("@") : first.includes(".") || first.includes(":") || first === "localhost";
  return isHost ? (first.split(":")[0] ?? "") : "docker.io";
}
