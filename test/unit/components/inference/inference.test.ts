import { expect, test } from "vitest";
import { GPUS } from "../../../../components/inference/gpu-table.ts";
import { Inference, type InferenceArgs } from "../../../../components/inference/inference.ts";
import type { ServedModel } from "../../../../components/inference/served-model.ts";
import { poolPlacement } from "../../../../components/pools.ts";
import { SecretFiles } from "../../../../components/secret-files.ts";
import { record } from "../../../support/record.ts";

const DIGEST = "a".repeat(64);

const nim: ServedModel = {
  name: "super",
  engine: "nim",
  model: "nvidia/nemotron-3-super-120b-a12b",
  precision: "fp8",
  gpu: "h100",
  gpus: 2,
  part: undefined,
  replicas: 2,
  image: `registry.acme.internal:5000/nim/super@sha256:${DIGEST}`,
  source: { kind: "mirror", url: "https://registry.acme.internal/models/" },
  weightsGiB: 120,
};

const vllm: ServedModel = {
  ...nim,
  name: "nano",
  engine: "vllm",
  model: "nvidia/nemotron-3-nano-30b-a3b",
  gpus: 1,
  part: GPUS.h100.mig.find(({ name }) => name === "3g.40gb"),
  image: `registry.acme.internal:5000/vllm@sha256:${DIGEST}`,
  weightsGiB: 31,
};

const platform: InferenceArgs["platform"] = {
  placement: poolPlacement,
  sharedStorageClass: "files",
  dns: { podSelector: { matchLabels: { "k8s-app": "kube-dns" } } },
  secretFiles: (name, args, opts) => new SecretFiles(name, args, opts),
};

const mirrors = [{ peers: [{ ipBlock: { cidr: "172.16.0.0/12" } }], port: 443 }];

async function built(models: readonly ServedModel[]) {
  const seen = await record(() => new Inference("inference", { platform, models, mirrors }));
  const ofKind = (kind: string) =>
    seen.filter(({ type, inputs }) => type.endsWith(`:${kind}`) || inputs["kind"] === kind).map(({ inputs }) => inputs);
  const named = (kind: string, name: string) => {
    const found = ofKind(kind).find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw new Error(`no ${kind} ${name}`);
    return found;
  };
  return { seen, ofKind, named };
}

const both = await built([nim, vllm]);
const server = both.named("Deployment", "nano")["spec"].template.spec;

test("the model router reaches model servers on one port, and nobody else reaches anything", () => {
  expect(both.named("NetworkPolicy", "model-servers")["spec"]).toEqual({
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "breakwater" } },
            podSelector: { matchLabels: { "app.kubernetes.io/component": "router" } },
          },
        ],
        ports: [{ port: 8000, protocol: "TCP" }],
      },
    ],
    egress: [],
  });
  const others = both
    .ofKind("NetworkPolicy")
    .filter(({ spec }) => spec.ingress !== undefined && spec.ingress.length > 0);
  expect(others).toHaveLength(1);
  expect(both.named("NetworkPolicy", "default-deny")["spec"]).toEqual({
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
  });
});

test("only the pods that fetch weights reach the mirrors, and a server is none of them", () => {
  const { spec } = both.named("NetworkPolicy", "model-mirrors");
  expect(spec.podSelector).toEqual({
    matchExpressions: [{ key: "app", operator: "In", values: ["k8s-nim-operator", "model-mirror"] }],
  });
  expect(spec.egress.map(({ ports }: { ports: readonly { port: number }[] }) => ports.map(({ port }) => port))).toEqual(
    [[53, 53], [443]],
  );
  expect(spec.egress[1].to).toEqual([{ ipBlock: { cidr: "172.16.0.0/12" } }]);
  const labels = [
    both.named("Deployment", "nano")["spec"].template.metadata.labels,
    both.named("NIMService", "super")["spec"].labels,
  ];
  for (const own of labels) expect(own).not.toHaveProperty("app");
});

test("no model server opens a port of a node, an address outside or an ingress", () => {
  expect(both.named("ResourceQuota", "inference")["spec"].hard).toMatchObject({
    "services.nodeports": "0",
    "services.loadbalancers": "0",
  });
  expect(both.named("NIMService", "super")["spec"].expose).toEqual({ service: { type: "ClusterIP", port: 8000 } });
  expect(both.named("Service", "nano")["spec"]).toEqual({
    selector: { "app.kubernetes.io/name": "nano" },
    ports: [{ name: "http", port: 8000, targetPort: "http" }],
  });
});

test("the namespace has the GPUs that the models were sized for, and one more NIM while it is updated", () => {
  expect(both.named("ResourceQuota", "inference")["spec"].hard).toMatchObject({
    "requests.nvidia.com/gpu": "6",
    "requests.nvidia.com/mig-3g.40gb": "2",
  });
});

test("everything in the namespace comes after its walls", () => {
  const names = both.seen.map(({ name, type }) => `${type}/${name}`);
  const walls = names.findLastIndex((name) => name.includes("NetworkPolicy"));
  const servers = names.findIndex((name) => /Deployment|NIMCache|NIMService|Job\b/.test(name));
  expect(walls).toBeLessThan(servers);
});

test("pods of the namespace are restricted; with the NIM operator's among them they are held to baseline", async () => {
  const level = ({ named }: Awaited<ReturnType<typeof built>>) =>
    named("Namespace", "inference")["metadata"].labels["pod-security.kubernetes.io/enforce"];
  expect(level(await built([vllm]))).toBe("restricted");
  expect(level(both)).toBe("baseline");
  expect(both.named("Namespace", "inference")["metadata"].labels).toMatchObject({
    "pod-security.kubernetes.io/warn": "restricted",
    "pod-security.kubernetes.io/audit": "restricted",
  });
});

test("a NIM from a mirror names no key of NVIDIA's registry, neither to fetch nor to serve", () => {
  const cache = both.named("NIMCache", "super")["spec"];
  expect(cache.source.ngc).toEqual({
    modelPuller: nim.image,
    model: { precision: "fp8", tensorParallelism: "2" },
  });
  expect(cache.env).toContainEqual({
    name: "NIM_REPOSITORY_OVERRIDE",
    value: "https://registry.acme.internal/models/",
  });
  expect(both.named("NIMService", "super")["spec"]).not.toHaveProperty("authSecret");
  // vLLM's certificate.
  expect(both.ofKind("SecretFiles")).toHaveLength(1);
  expect(JSON.stringify(both.seen.map(({ inputs }) => inputs))).not.toMatch(/NGC_API_KEY|ngc-api-secret|pullSecret/);
});

test("a NIM from NVIDIA's registry has its key as a secret file, and overrides nothing", async () => {
  const { named } = await built([{ ...nim, source: { kind: "ngc" } }]);
  expect(named("NIMCache", "super")["spec"].source.ngc.authSecret).toBe("ngc-api-secret");
  expect(named("NIMService", "super")["spec"].authSecret).toBe("ngc-api-secret");
  expect(named("NIMCache", "super")["spec"].env).toEqual([{ name: "DO_NOT_TRACK", value: "1" }]);
});

test("the operator's repository and tag join to the reference by digest", () => {
  const { image } = both.named("NIMService", "super")["spec"];
  expect(`${image.repository}:${image.tag}`).toBe(nim.image);
});

test("model servers look nothing up and report nothing", () => {
  const offline = [
    { name: "HF_HUB_OFFLINE", value: "1" },
    { name: "VLLM_NO_USAGE_STATS", value: "1" },
    { name: "DO_NOT_TRACK", value: "1" },
  ];
  expect(server.containers[0].env).toEqual(expect.arrayContaining(offline));
  expect(both.named("NIMService", "super")["spec"].env).toEqual(expect.arrayContaining(offline));
});

test("a vLLM server is restricted, by digest, and reads its weights without being able to write them", () => {
  const [container] = server.containers;
  expect(container.image).toBe(vllm.image);
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  expect(server.automountServiceAccountToken).toBe(false);
  expect(server.securityContext.runAsNonRoot).toBe(true);
  expect(container.volumeMounts).toContainEqual({
    name: "model",
    mountPath: "/models",
    subPath: expect.stringMatching(/^[0-9a-f]{12}$/),
    readOnly: true,
  });
  expect(server.volumes).toContainEqual({
    name: "model",
    persistentVolumeClaim: { claimName: "nano", readOnly: true },
  });
});

test("a server gets the GPUs it was sized for and goes to nodes that have that kind", () => {
  expect(server.containers[0].resources.limits).toMatchObject({ "nvidia.com/mig-3g.40gb": "1" });
  expect(server.containers[0].args).toEqual(expect.arrayContaining(["--tensor-parallel-size", "1"]));
  expect(server.nodeSelector).toEqual({ "breakwater.dev/pool": "gpu", "breakwater.dev/gpu": "h100" });
  const service = both.named("NIMService", "super")["spec"];
  expect(service.resources.limits).toMatchObject({ "nvidia.com/gpu": "2" });
  expect(service.nodeSelector).toEqual({ "breakwater.dev/pool": "gpu", "breakwater.dev/gpu": "h100" });
  expect(service.tolerations).toEqual([
    { key: "breakwater.dev/pool", operator: "Equal", value: "gpu", effect: "NoSchedule" },
  ]);
});

test("an update takes a server away before the next comes, because there is no GPU for both", () => {
  expect(both.named("Deployment", "nano")["spec"].strategy).toEqual({
    type: "RollingUpdate",
    rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
  });
});

test("weights are fetched in the server's own image without a GPU, and servers start when they are all there", () => {
  const fill = both.named("Job", "nano-fill")["spec"].template;
  expect(fill.spec.containers[0].command).toEqual([
    "python3",
    "/opt/breakwater/fill-model.py",
    "https://registry.acme.internal/models/",
    expect.stringMatching(/^\/models\/[0-9a-f]{12}$/),
  ]);
  expect(JSON.stringify(fill)).not.toContain("nvidia.com");
  expect(fill.metadata.labels).toEqual({ app: "model-mirror" });
  expect(fill.spec.automountServiceAccountToken).toBe(false);
});

test("weights of another source do not touch those that are served: servers and their folder change together", async () => {
  const foldersOf = ({ named }: Awaited<ReturnType<typeof built>>) => {
    const [container] = named("Deployment", "nano")["spec"].template.spec.containers;
    const served = container.volumeMounts.find(({ name }: { name: string }) => name === "model").subPath;
    return [served, named("Job", "nano-fill")["spec"].template.spec.containers[0].command[3].replace("/models/", "")];
  };
  const [served, filled] = foldersOf(both);
  expect(filled).toBe(served);
  const other = await built([{ ...vllm, source: { kind: "mirror", url: "https://registry.acme.internal/newer/" } }]);
  expect(new Set(foldersOf(other)).size).toBe(1);
  expect(foldersOf(other)[0]).not.toBe(served);
});
