import { ProblemError } from "@breakwater/runtime/problems";
import { parseSettings } from "@breakwater/runtime/settings";
import { describe, expect, test } from "vitest";
import { contains, parseCidr } from "../../../../components/cidr.ts";
import { dgxPlatform } from "../../../../components/dgx/platform.ts";
import { demandOf } from "../../../../stacks/demand.ts";
import { ofKind, type PlannedResource, recordPlan, sectionsOf, specOf, texts } from "../../../support/plan.ts";
import { record } from "../../../support/record.ts";

const sections = sectionsOf("acme-dgx");
const { settings } = parseSettings(sections);
const { existing } = settings.kubernetes;
if (existing === undefined) throw new Error("acme-dgx has a cluster");
const plan = await recordPlan(sections, { environment: "acme-dgx" });

const demand = demandOf("acme-dgx", settings);
/** Everything that `acme-dgx` sends. */
const everything = plan.map(({ type, name, inputs }) => ({ at: `${type} ${name}`, inputs }));
const allTexts = everything.flatMap(({ at, inputs }) =>
  texts(inputs).map(({ path, text }) => ({ at: `${at}${path}`, text })),
);

describe("no cloud and nothing outside", () => {
  test("every resource is one of Kubernetes or of Breakwater itself", () => {
    const kinds = new Set(plan.filter(({ custom }) => custom).map(({ type }) => type.split(":")[0]));
    expect([...kinds].sort()).toEqual(["breakwater", "kubernetes", "pulumi"]);
    const providers = plan.filter(({ type }) => type.startsWith("pulumi:")).map(({ type }) => type);
    expect(providers).toEqual(["pulumi:providers:kubernetes"]);
  });

  test("every address leads to the company's mirror, registry or network, or stays in the cluster", () => {
    const urls = allTexts.flatMap(({ at, text }) =>
      [...text.matchAll(/\b(?:https?|oci|s3|wss?|ssh):\/\/([^/\s"':]+)/g)].map(([, host]) => ({
        at,
        host: host ?? "",
      })),
    );
    expect(urls.length).toBeGreaterThan(10);
    expect(urls.filter(({ host }) => !isInside(host))).toEqual([]);
  });

  test("no text names a registry or a service of a vendor", () => {
    const vendors =
      /nvcr\.io|ngc\.nvidia|ghcr\.io|docker\.io|quay\.io|gcr\.io|registry\.k8s\.io|huggingface|amazonaws|aliyun|tencent|openai\.com|anthropic/;
    // OpenClaw's configuration names a protocol by its inventor.
    const named = allTexts.filter(({ text }) => vendors.test(text) && text !== "openai-completions");
    expect(named.map(({ at, text }) => `${at}: ${text.slice(0, 200)}`)).toEqual([]);
  });

  test("every address range is one of the cluster, of its neighbours or of the company", () => {
    const allowed = [
      ...[existing.pod_cidr, existing.service_cidr, existing.api_cidr, existing.load_balancer_cidr],
      ...settings.network.company_cidrs,
      "169.254.0.0/16",
    ].map(parseCidr);
    const ranges = allTexts.flatMap(({ at, text }) =>
      [...text.matchAll(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}/g)].map(([range]) => ({ at, range })),
    );
    expect(ranges.length).toBeGreaterThan(4);
    const foreign = ranges.filter(({ range }) => !allowed.some((outer) => contains(outer, parseCidr(range))));
    expect(foreign).toEqual([]);
  });

  test("every image of every pod is the company registry's, by digest", () => {
    const images = everything.flatMap(({ inputs }) => [...imagesIn(inputs)]);
    expect(images.length).toBeGreaterThan(10);
    const own = new RegExp(`^${existing.registry.replaceAll(".", "\\.")}/[a-z0-9./_-]+@sha256:[0-9a-f]{64}$`);
    expect(images.filter((image) => typeof image === "string" && !own.test(image))).toEqual([]);
  });
});

/** Values of `image` of containers, wherever they are. */
function* imagesIn(value: unknown): Generator<unknown> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === "containers" || key === "initContainers") {
      for (const container of item as readonly { image: unknown }[]) yield container.image;
    } else yield* imagesIn(item);
  }
}

/** Hosts of the company, or names that only the cluster resolves. */
function isInside(host: string): boolean {
  return (
    ["registry.acme.internal", "127.0.0.1", "localhost"].includes(host) ||
    /\.svc(\.cluster\.local)?$/.test(host) ||
    // Prometheus' Service as Grafana beside it calls it.
    host === "prometheus-operated" ||
    // What a service puts its made database's host into (stacks/database.ts).
    host === "database.invalid"
  );
}

test("models are served in the cluster, after the operator that serves them and behind the router's way to them", () => {
  const inference = plan.find(({ type }) => type === "breakwater:inference:Inference");
  const operator = plan.find(({ type, name }) => type.endsWith(":Release") && name === "k8s-nim-operator");
  const cache = plan.find(({ type }) => type.endsWith(":NIMCache"));
  expect([...(inference?.dependencies ?? []), ...(cache?.dependencies ?? [])]).toContain(operator?.urn);
  const router = ofKind(plan, "NetworkPolicy").find(({ name }) => name === "router");
  expect(router === undefined ? undefined : specOf<{ egress: unknown }>(router).egress).toContainEqual({
    to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "inference" } } }],
    ports: [{ port: 8000, protocol: "TCP" }],
  });
});

describe("what agents get of the cluster", () => {
  test("everything of Kubernetes goes to the named cluster", () => {
    const provider = plan.find(({ type }) => type === "pulumi:providers:kubernetes");
    expect(provider?.inputs).toMatchObject({ enableServerSideApply: "true" });
  });

  test("sandboxes have a RuntimeClass of the product's own that leads to the nodes of their pool", () => {
    const [runtimeClass] = ofKind(plan, "RuntimeClass");
    expect(runtimeClass?.inputs).toMatchObject({
      metadata: { name: "breakwater-gvisor" },
      handler: "runsc",
      scheduling: {
        nodeSelector: { "breakwater.dev/pool": "sandbox" },
        tolerations: [{ key: "breakwater.dev/pool", operator: "Equal", value: "sandbox", effect: "NoSchedule" }],
      },
    });
    const sandboxes = ofKind(plan, "Deployment").filter(({ inputs }) =>
      JSON.stringify(inputs).includes("runtimeClassName"),
    );
    expect(sandboxes).toHaveLength(3);
    for (const sandbox of sandboxes) {
      expect(specOf<{ template: unknown }>(sandbox).template).toMatchObject({
        spec: { runtimeClassName: "breakwater-gvisor" },
      });
    }
  });

  test("with kata sandboxes run in machines of their own", async () => {
    const kata = parseSettings({ ...sections, openshell: { ...(sections["openshell"] as object), isolation: "kata" } });
    const seen = await record(() =>
      dgxPlatform({ demand: demandOf("acme-dgx", kata.settings), imageLock: undefined, existing }),
    );
    const made = seen.find(({ type }) => type.endsWith(":RuntimeClass"));
    expect(made?.inputs).toMatchObject({ metadata: { name: "breakwater-kata" }, handler: "kata-qemu" });
  });

  test("volumes are of the cluster's classes: one writer's and shared ones apart", () => {
    const classes = ofKind(plan, "PersistentVolumeClaim").map(({ inputs }) => {
      const spec = inputs["spec"] as { accessModes: readonly string[]; storageClassName: string };
      return [spec.accessModes[0], spec.storageClassName];
    });
    expect(classes.length).toBeGreaterThan(2);
    for (const [mode, name] of classes) expect([mode, name]).toEqual(["ReadWriteMany", "files-encrypted"]);
    const cells = ofKind(plan, "StatefulSet").map((set) => JSON.stringify(specOf(set)));
    expect(cells.filter((text) => text.includes('"storageClassName":"block-encrypted"'))).toHaveLength(5);
  });

  test("no policy opens a way to everywhere", () => {
    const policies = ofKind(plan, "NetworkPolicy").flatMap((policy) => texts(specOf(policy)));
    expect(policies.filter(({ text }) => text === "0.0.0.0/0")).toEqual([]);
  });
});

describe("refusals", () => {
  const refusalOf = (of: Parameters<typeof dgxPlatform>[0]["existing"]) => {
    try {
      dgxPlatform({ demand, imageLock: undefined, existing: of });
      return "none";
    } catch (error) {
      if (error instanceof ProblemError) return error.problems[0].code;
      throw error;
    }
  };

  test("without a cluster there is no platform", () => {
    expect(refusalOf(undefined)).toBe("dgx/no-cluster");
  });
});

describe("admission", () => {
  const spec = specOf<{
    failurePolicy: string;
    validations: readonly { expression: string }[];
    matchConstraints: { resourceRules: readonly { resources: readonly string[]; operations: readonly string[] }[] };
  }>(one("ValidatingAdmissionPolicy"));

  function one(kind: string): PlannedResource {
    const found = ofKind(plan, kind).find(({ name }) => name.startsWith("dgx-images"));
    if (found === undefined) throw new Error(`no ${kind}`);
    return found;
  }

  test("a pod of any maker comes from the registry and by digest, in every kind of container, or is refused", () => {
    expect(spec.failurePolicy).toBe("Fail");
    expect(spec.validations.map(({ expression }) => expression)).toEqual(
      ["containers", "initContainers", "ephemeralContainers"].map(
        (list) =>
          `!has(object.spec.${list}) || object.spec.${list}.all(c, c.image.startsWith("${existing.registry}/") && c.image.contains("@sha256:"))`,
      ),
    );
    expect(spec.matchConstraints.resourceRules).toEqual([
      {
        apiGroups: [""],
        apiVersions: ["v1"],
        operations: ["CREATE", "UPDATE"],
        resources: ["pods", "pods/ephemeralcontainers"],
      },
    ]);
  });

  test("it holds in the namespaces of tenants, of the shared parts and of model servers", () => {
    const bindings = ofKind(plan, "ValidatingAdmissionPolicyBinding").map((binding) =>
      specOf<{ policyName: string }>(binding),
    );
    expect(bindings.filter(({ policyName }) => policyName === "breakwater-images")).toEqual([
      {
        policyName: "breakwater-images",
        validationActions: ["Deny", "Audit"],
        matchResources: {
          namespaceSelector: { matchExpressions: [{ key: "breakwater.dev/tenant", operator: "Exists" }] },
        },
      },
      {
        policyName: "breakwater-images",
        validationActions: ["Deny", "Audit"],
        matchResources: {
          namespaceSelector: {
            matchExpressions: [
              { key: "kubernetes.io/metadata.name", operator: "In", values: ["breakwater", "inference"] },
            ],
          },
        },
      },
    ]);
  });
});

test("outside the cluster is the company's network under B, and anywhere under A", async () => {
  const outside = async (architecture: "A" | "B") => {
    let found: readonly string[] | undefined;
    await record(() => {
      found = dgxPlatform({ demand: { ...demand, architecture }, imageLock: undefined, existing }).outsideCidrs;
    });
    return found;
  };
  expect(await outside("B")).toEqual(["172.16.0.0/12"]);
  expect(await outside("A")).toBeUndefined();
});

test.each([
  ["small", 5],
  ["medium", 50],
  ["large", 500],
] as const)("the environment is sensible for %s: %i people", async (size, people) => {
  const other = { ...sections, deployment: { ...(sections["deployment"] as object), size } };
  expect(demandOf("acme-dgx", parseSettings(other).settings).people).toBe(people);
  // The company's own nodes are there or not: who they are for changes none of the resources.
  const resources = await recordPlan(other, { environment: "acme-dgx" });
  expect(resources.map(({ urn }) => urn).sort()).toEqual(plan.map(({ urn }) => urn).sort());
});
