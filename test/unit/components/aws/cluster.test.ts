import { expect, test } from "vitest";
import { contextOf } from "../../../../components/aws/context.ts";
import { type Arns, podTrust, rightsOf, serviceAccountOf, type Workload } from "../../../../components/aws/identity.ts";
import type { Statement } from "../../../../components/aws/policies.ts";
import { ACCOUNT, CHINA, DEMAND, recorded } from "./recorded.ts";

const seoul = await recorded();
const china = await recorded({}, CHINA);
const kata = await recorded({ sandboxIsolation: "kata" });

const CLUSTER_ARN = `arn:aws:eks:ap-northeast-2:${ACCOUNT}:cluster/acme-aws-cluster`;

test("the API server is reached from inside the network and the company's own only", () => {
  const { vpcConfig } = seoul.one("Cluster", "aws-cluster");
  expect(vpcConfig).toMatchObject({ endpointPrivateAccess: true, endpointPublicAccess: false });
  const ways = seoul
    .of("SecurityGroupIngressRule")
    .filter(({ inputs }) => inputs.securityGroupId === "aws-cluster-api-id");
  expect(vpcConfig.securityGroupIds).toEqual(["aws-cluster-api-id"]);
  expect(ways.map(({ inputs }) => [inputs.cidrIpv4, inputs.fromPort, inputs.toPort])).toEqual([
    ["10.0.0.0/12", 443, 443],
  ]);
  expect(vpcConfig.subnetIds).toEqual(["a", "b", "c"].map((letter) => `aws-network-data-ap-northeast-2${letter}-id`));
});

test("secrets of the API are encrypted with a customer key, and everything that a control plane can log is kept", () => {
  const cluster = seoul.one("Cluster", "aws-cluster");
  expect(cluster.encryptionConfig.resources).toEqual(["secrets"]);
  expect(cluster.encryptionConfig.provider.keyArn).toContain("aws-keys-cluster");
  expect(cluster.enabledClusterLogTypes).toEqual(["api", "audit", "authenticator", "controllerManager", "scheduler"]);
  expect(seoul.one("LogGroup", "aws-logs-cluster").name).toBe(`/aws/eks/${cluster.name}/cluster`);
});

test("whoever makes the cluster is not its administrator; the role of operators is, by the API alone", () => {
  expect(seoul.one("Cluster", "aws-cluster").accessConfig).toEqual({
    authenticationMode: "API",
    bootstrapClusterCreatorAdminPermissions: false,
  });
  expect(seoul.of("AccessPolicyAssociation").map(({ inputs }) => inputs.policyArn)).toEqual([
    "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
  ]);
});

test("the kubeconfig holds no secret: it asks AWS for a token each time", () => {
  const kubeconfig = JSON.parse(seoul.one("kubernetes", "aws-cluster").kubeconfig);
  const { user } = kubeconfig.users[0];
  expect(Object.keys(user)).toEqual(["exec"]);
  expect(user.exec.command).toBe("aws");
  expect(user.exec.args.slice(0, 6)).toEqual([
    "eks",
    "get-token",
    "--region",
    "ap-northeast-2",
    "--cluster-name",
    "acme-aws-cluster",
  ]);
});

test("NetworkPolicies are turned on in the plugin that enforces them, before any node starts", () => {
  const { configurationValues } = seoul.one("Addon", "aws-base-vpc-cni");
  expect(JSON.parse(configurationValues).enableNetworkPolicy).toBe("true");
});

test("the disks that the driver makes carry the tag that backups choose by", () => {
  const { controller } = JSON.parse(seoul.one("Addon", "aws-addons-aws-ebs-csi-driver").configurationValues);
  const [selected] = seoul.one("Selection", "aws-backup").selectionTags;
  expect(controller.extraVolumeTags[selected.key]).toBe(selected.value);
});

test("each role is for one ServiceAccount of this cluster and for nobody else", () => {
  for (const workload of ["vpc-cni", "ebs-csi", "efs-csi", "load-balancer", "autoscaler", "vault"] as const) {
    const association = seoul.one("PodIdentityAssociation", `aws-identity-${workload}`);
    expect(association).toMatchObject(serviceAccountOf(workload));
    expect(seoul.one("Role", `aws-identity-${workload}`).assumeRolePolicy).toBe(podTrust(CLUSTER_ARN));
  }
  expect(JSON.parse(podTrust(CLUSTER_ARN)).Statement[0].Condition).toEqual({
    StringEquals: { "aws:SourceArn": CLUSTER_ARN },
  });
});

const ARNS: Arns = {
  cluster: CLUSTER_ARN,
  clusterName: "acme-aws-cluster",
  volumesKey: "arn:aws:kms:ap-northeast-2:1:key/volumes",
  vaultKey: "arn:aws:kms:ap-northeast-2:1:key/vault",
};

/** Looking up, which has no resource level. */
const LOOKS = /:(Describe|List|Get)[A-Z]/;

function rights(workload: Workload): readonly Statement[] {
  return rightsOf(workload, contextOf(DEMAND), ARNS);
}

test.each(["ebs-csi", "load-balancer", "autoscaler", "vault"] as const)(
  "%s may change only what is named, by resource or by the cluster's own tag",
  (workload) => {
    expect(rights(workload).length).toBeGreaterThan(0);
    for (const { Action, Resource, Condition } of rights(workload)) {
      const changes = [Action].flat().filter((action) => !LOOKS.test(String(action)));
      if (changes.length > 0 && Resource === "*") {
        expect(Condition).toEqual({
          StringEquals: { "aws:ResourceTag/kubernetes.io/cluster/acme-aws-cluster": "owned" },
        });
      }
      expect([Action].flat()).not.toContain("*");
    }
  },
);

test("the vault may use its own key, and nothing else of AWS", () => {
  expect(rights("vault")).toEqual([
    { Effect: "Allow", Action: ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"], Resource: ARNS.vaultKey },
  ]);
});

test("the load balancer's controller binds pods to the front door's group and can make no load balancer", () => {
  const [change] = rights("load-balancer");
  expect(change?.Resource).toBe("arn:aws:elasticloadbalancing:ap-northeast-2:*:targetgroup/acme-aws-front-door/*");
  const { values, version } = seoul.one("Release", "aws-controllers-load-balancer");
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(values).toMatchObject({ enableServiceMutatorWebhook: false, createIngressClassResource: false });
});

test("controllers come from the region's own registries: no node needs another one", () => {
  const image = (recording: typeof seoul, release: string) =>
    recording.one("Release", `aws-controllers-${release}`).values.image.repository;
  expect(image(seoul, "load-balancer")).toMatch(/^602401143452\.dkr\.ecr\.ap-northeast-2\.amazonaws\.com\//);
  expect(image(china, "load-balancer")).toMatch(/^961992271922\.dkr\.ecr\.cn-northwest-1\.amazonaws\.com\.cn\//);
  expect(image(seoul, "autoscaler")).toBe(
    `${ACCOUNT}.dkr.ecr.ap-northeast-2.amazonaws.com/acme-aws-mirror-k8s/autoscaling/cluster-autoscaler`,
  );
  expect(seoul.one("Release", "aws-controllers-autoscaler").values.image.tag).toBe("v1.35.0");
});

test("a sandbox has a kernel of its own and the nodes of its pool; with Kata it pays for its virtual machine", () => {
  const scheduling = {
    nodeSelector: { "breakwater.dev/pool": "sandbox" },
    tolerations: [{ key: "breakwater.dev/pool", operator: "Equal", value: "sandbox", effect: "NoSchedule" }],
  };
  expect(seoul.one("RuntimeClass", "aws-sandbox")).toMatchObject({ handler: "runsc", scheduling });
  expect(kata.one("RuntimeClass", "aws-sandbox")).toMatchObject({
    handler: "kata-qemu",
    scheduling,
    overhead: { podFixed: { memory: "160Mi", cpu: "250m" } },
  });
  expect([seoul.platform.sandboxRuntimeClass, kata.platform.sandboxRuntimeClass]).toEqual(["gvisor", "kata"]);
  expect(kata.platform.scratchVolume("tmp", 64)).toEqual({});
  expect(Object.keys(seoul.platform.scratchVolume("tmp", 64))).toHaveLength(3);
});

test("Kata's installer runs on sandbox nodes only", () => {
  const { values } = kata.one("Release", "aws-sandbox-kata");
  expect(values.nodeSelector).toEqual({ "breakwater.dev/pool": "sandbox" });
  expect(seoul.of("Release").map(({ name }) => name)).not.toContain("aws-sandbox-kata");
});

test("the vault opens itself by its own key, in every other case by people or another vault", async () => {
  expect(seoul.platform.vaultSeal?.ways?.map(({ port }) => port)).toEqual([443, 80]);
  expect((await recorded({ vaultUnseal: "shamir" })).platform.vaultSeal).toEqual({ stanza: "" });
});

test("in China every ARN that is made here is of its partition", () => {
  const texts = JSON.stringify(china.all.map(({ inputs }) => inputs));
  expect(texts.match(/arn:aws:[a-z]/g)).toBeNull();
  expect(texts).toContain("arn:aws-cn:iam::aws:policy/AmazonEKSWorkerNodePolicy");
  expect(texts.match(/\.cn-northwest-1\.amazonaws\.com(?!\.cn)/g)).toBeNull();
});
