import { type Problem, ProblemError } from "@breakwater/runtime/problems";
import { resolveProvider, type Settings, type TenantSettings } from "@breakwater/runtime/settings";
import { readUrl } from "@breakwater/runtime/url";
import type { Way } from "../components/agents/reach.ts";
import type { InferenceArgs } from "../components/inference/inference.ts";
import { weightsGiB } from "../components/inference/memory.ts";
import {
  INFERENCE_NAMESPACE,
  MODEL_PORT,
  type ModelSource,
  type ServedModel,
} from "../components/inference/served-model.ts";
import { GPUS_PER_MACHINE, isMisfit, sizeOf } from "../components/inference/sizing.ts";
import { serviceHost } from "../components/names.ts";
import { portOf } from "./urls.ts";

type Wanted = Settings["inference"]["models"][number];

/** Ports of model servers that the model router must reach inside the cluster: one, where any model is served. */
export function modelPorts({ inference }: Settings): readonly number[] {
  return inference.models.length === 0 ? [] : [MODEL_PORT];
}

/** Whether a provider's host is a model server of this environment, which the router reaches inside the cluster. */
export function isServedHere(host: string): boolean {
  return host.endsWith(serviceHost("", INFERENCE_NAMESPACE));
}

/**
 * Whether a provider's address leads to a server of ours that shows a certificate. The NIM operator has no way to give its
 * servers one (its NIMService mounts no Secret; release 3.1, read 2026-12-01).
 */
export function isServedByTls(baseUrl: string, { inference }: Settings): boolean {
  const { hostname } = new URL(baseUrl);
  return inference.models.some(
    ({ name, engine }) => engine === "vllm" && hostname === serviceHost(name, INFERENCE_NAMESPACE),
  );
}

/**
 * The models that an environment serves. Pure.
 *
 * @param internalCidrs what pods that fetch weights from outside may not reach: the platform's own addresses.
 * @throws ProblemError with all of {@link inferenceProblems}.
 */
export function inferenceOf(settings: Settings, internalCidrs: readonly string[]): Omit<InferenceArgs, "platform"> {
  const [first, ...rest] = inferenceProblems(settings);
  if (first !== undefined) throw new ProblemError([first, ...rest]);
  return {
    models: settings.inference.models.map(servedModel),
    mirrors: mirrorsOf(settings, internalCidrs),
  };
}

function servedModel(wanted: Wanted): ServedModel {
  const size = sizeOf({ ...wanted, migProfile: wanted.mig_profile });
  if (isMisfit(size)) throw new Error(`${wanted.name} was not refused: ${size.got}`);
  return {
    name: wanted.name,
    engine: wanted.engine,
    model: wanted.model,
    precision: wanted.precision,
    gpu: wanted.gpu,
    gpus: size.gpus,
    part: size.part,
    replicas: wanted.replicas,
    image: wanted.image,
    source: sourceOf(wanted.source),
    weightsGiB: weightsGiB(size.model, wanted.precision),
  };
}

function sourceOf(source: string): ModelSource {
  return source === "ngc" ? { kind: "ngc" } : { kind: "mirror", url: source };
}

/** Ways to where weights come from: under B to the company's own network only. */
function mirrorsOf({ inference, network, deployment }: Settings, internalCidrs: readonly string[]): readonly Way[] {
  const ports = inference.models.map(({ source }) => (source === "ngc" ? 443 : portOf(source)));
  const peers =
    deployment.architecture === "B"
      ? network.company_cidrs.map((cidr) => ({ ipBlock: { cidr } }))
      : [{ ipBlock: { cidr: "0.0.0.0/0", except: [...internalCidrs] } }];
  return [...new Set(ports)].sort((a, b) => a - b).map((port) => ({ peers, port }));
}

/** Everything that stands between the served models and their place. Names no secret. */
export function inferenceProblems(settings: Settings): readonly Problem[] {
  return [
    ...settings.inference.models.flatMap((wanted, index) => {
      const at = `inference.models[${index}]`;
      return [
        ...twoMachines(wanted, at),
        ...sourceProblems(wanted, at),
        ...imageProblems(wanted, at, settings),
        ...repeatedName(wanted, at, settings.inference.models.slice(0, index)),
        ...unknownTenants(wanted, at, settings),
      ];
    }),
    ...providerProblems(settings),
    ...noWayToMirrors(settings),
  ];
}

/** Whether a model fits at all is a check of the place (stacks/placement/gpu-fit.ts). */
function twoMachines(wanted: Wanted, at: string): readonly Problem[] {
  const size = sizeOf({ ...wanted, migProfile: wanted.mig_profile });
  if (isMisfit(size) || size.gpus <= GPUS_PER_MACHINE) return [];
  return [
    {
      code: "inference/two-machines",
      path: `${at}.gpus`,
      got: `${size.gpus}, which no machine has`,
      expected: `at most ${GPUS_PER_MACHINE}: one replica on several machines is not built`,
      remedy: "choose a smaller precision or a GPU with more memory",
    },
  ];
}

/** Whether an address is inside is a check of the place (stacks/placement/company-network.ts). */
function sourceProblems({ source, engine }: Wanted, at: string): readonly Problem[] {
  if (source === "ngc" ? engine === "nim" : readUrl(source)?.protocol === "https:") return [];
  const folder = "the https address of a folder with the weights and their SHA256SUMS";
  return [
    {
      code: "inference/bad-source",
      path: `${at}.source`,
      got: source === "ngc" ? "ngc, which the source is where none is written" : JSON.stringify(source),
      expected: engine === "vllm" ? `${folder}, for vllm` : "ngc, or the https address of a mirror",
      remedy: 'write it as in "https://models.acme.internal/nemotron/"; of an s3 mirror that of the bucket',
    },
  ];
}

/** A cluster that is there admits images of its own registry only (components/dgx/admission.ts). */
function imageProblems({ image }: Wanted, at: string, { kubernetes }: Settings): readonly Problem[] {
  const { existing } = kubernetes;
  if (existing === undefined || image.startsWith(`${existing.registry}/`)) return [];
  return [
    {
      code: "inference/foreign-image",
      path: `${at}.image`,
      got: image.slice(0, image.indexOf("@")),
      expected: `an image of ${existing.registry}, the only ones that the cluster admits`,
      remedy: "mirror it there and write that reference",
    },
  ];
}

function repeatedName({ name }: Wanted, at: string, before: readonly Wanted[]): readonly Problem[] {
  if (!before.some((other) => other.name === name)) return [];
  return [
    {
      code: "inference/duplicate-model",
      path: `${at}.name`,
      got: `${JSON.stringify(name)}, which another model has`,
      expected: "a name that no other model has, because it is its address",
      remedy: "rename one of them",
    },
  ];
}

function unknownTenants({ tenants = [] }: Wanted, at: string, { multi_tenant }: Settings): readonly Problem[] {
  const known = new Set(multi_tenant.tenants.map(({ id }) => id));
  return tenants.flatMap((tenant, index) =>
    known.has(tenant)
      ? []
      : [
          {
            code: "inference/unknown-tenant",
            path: `${at}.tenants[${index}]`,
            got: JSON.stringify(tenant),
            expected: `a tenant: ${[...known].sort().join(", ")}`,
            remedy: "correct the id or leave it out",
          } as const,
        ],
  );
}

/** The served model that a provider's address leads to, by the provider's name. */
function servers({ model_providers, inference }: Settings): ReadonlyMap<string, Wanted | { readonly missing: string }> {
  const entries = Object.entries(model_providers).flatMap(([provider, entry]) => {
    const { host } = resolveProvider(entry);
    if (!isServedHere(host)) return [];
    const name = host.slice(0, -serviceHost("", INFERENCE_NAMESPACE).length);
    return [[provider, inference.models.find((model) => model.name === name) ?? { missing: name }] as const];
  });
  return new Map(entries);
}

function providerProblems(settings: Settings): readonly Problem[] {
  const byProvider = servers(settings);
  const { model_providers, inference, multi_tenant } = settings;
  const addresses = Object.entries(model_providers).flatMap(([name, entry]) => {
    const server = byProvider.get(name);
    if (server === undefined) return [];
    const { baseUrl = "" } = resolveProvider(entry);
    const right = !("missing" in server) && portOf(baseUrl) === MODEL_PORT && speaks(server, baseUrl);
    return right ? [] : [wrongAddress(name, baseUrl, inference.models)];
  });
  return [...addresses, ...multi_tenant.tenants.flatMap((tenant, index) => notServed(tenant, index, byProvider))];
}

/** By TLS where the server has it, whatever is written; plainly where it has not. */
function speaks({ engine }: Wanted, baseUrl: string): boolean {
  return engine === "vllm" || new URL(baseUrl).protocol === "http:";
}

function wrongAddress(provider: string, got: string, models: readonly Wanted[]): Problem {
  const known = models.map(addressOf).join(", ");
  return {
    code: "inference/unknown-server",
    path: `model_providers.${provider}.base_url`,
    got,
    expected: `the address of a model that this environment serves: ${known || "it serves none"}`,
    remedy: "correct the address, or add the model to inference.models",
  };
}

/** Address of a served model, as its provider writes it. */
function addressOf({ name, engine }: Wanted): string {
  return `${engine === "vllm" ? "https" : "http"}://${serviceHost(name, INFERENCE_NAMESPACE)}:${MODEL_PORT}/v1`;
}

/** A model that is kept for some tenants is named by no other. */
function notServed(tenant: TenantSettings, index: number, byProvider: ReturnType<typeof servers>): readonly Problem[] {
  const { llm_config } = tenant;
  const places = [
    { place: "llm_config", provider: llm_config.provider },
    ...llm_config.fallbacks.map(({ provider }, position) => ({ place: `llm_config.fallbacks[${position}]`, provider })),
    ...(llm_config.cheap_first === undefined
      ? []
      : [{ place: "llm_config.cheap_first", provider: llm_config.cheap_first.provider }]),
    ...(llm_config.internal === undefined
      ? []
      : [{ place: "llm_config.internal", provider: llm_config.internal.provider }]),
  ];
  return places.flatMap(({ place, provider }) => {
    const server = byProvider.get(provider);
    if (server === undefined || "missing" in server || server.tenants === undefined) return [];
    if (server.tenants.includes(tenant.id)) return [];
    return [
      {
        code: "inference/not-for-tenant",
        path: `multi_tenant.tenants[${index}].${place}.provider`,
        got: `${JSON.stringify(provider)}, which leads to a model for ${server.tenants.join(", ")}`,
        expected: `a provider that serves ${tenant.id}`,
        remedy: `choose another, or add ${tenant.id} to the model's tenants`,
      } as const,
    ];
  });
}

function noWayToMirrors({ inference, network, deployment }: Settings): readonly Problem[] {
  if (deployment.architecture !== "B" || inference.models.length === 0 || network.company_cidrs.length > 0) return [];
  return [
    {
      code: "inference/no-way-to-mirror",
      path: "network.company_cidrs",
      got: "none",
      expected: "the ranges of the company's network, the only ones where weights come from under B",
      remedy: "add the range that the mirror is in",
    },
  ];
}
