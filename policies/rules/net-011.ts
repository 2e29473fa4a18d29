import { z } from "zod";
import type { Plan, PlanResource, Problems, StackRule } from "../rule.ts";

const VPCS = ["aws:ec2/vpc:Vpc", "alicloud:vpc/network:Network", "tencentcloud:index/vpc:Vpc"] as const;

const awsEndpoint = z.object({
  serviceName: z.string(),
  vpcEndpointType: z.string().optional(),
  privateDnsEnabled: z.boolean().optional(),
});
const secret = z.object({ name: z.string().optional() });
const aliEndpoint = z.object({ serviceName: z.string() });

/** Services that nodes and pods of every AWS environment use; S3 holds the layers of images. */
const AWS_SERVICES = ["s3", "ecr.api", "ecr.dkr", "kms", "logs", "sts"];
const ALI_SERVICES = ["oss", "sls", "sts"];

/**
 * A call that stays in the network needs no way out, and a stolen key is of no use outside. Asked is what the environment
 * uses: secretsmanager only where a secret is planned that pods may read. On Alibaba the registry and the key service come into
 * the network by resources of their own; on Tencent the registry alone does, all other interfaces are inside already.
 */
export const net011: StackRule = {
  id: "NET-011",
  subjects: VPCS,
  *check(plan) {
    for (const check of [onAws, onAlibaba, onTencent]) for (const problem of check(plan)) yield { problem };
  },
};

function* onAws(plan: Plan): Problems {
  if (plan.ofType(VPCS[0]).length === 0) return;
  const endpoints = plan.ofType("aws:ec2/vpcEndpoint:VpcEndpoint").map(({ props }) => awsEndpoint.parse(props));
  const usesSecrets = plan.ofType("aws:secretsmanager/secret:Secret").some(({ props }) => readByPods(props));
  for (const service of [...AWS_SERVICES, ...(usesSecrets ? ["secretsmanager"] : [])]) {
    const found = endpoints.filter(({ serviceName }) => serviceName.endsWith(`.${service}`));
    if (found.length === 0) yield `no private endpoint for ${service}`;
    else if (!found.some(inUse)) yield `the endpoint for ${service} has no private name: calls still go outside`;
  }
}

/** The registry reads its own secrets, by names that it asks for, from where it is. */
function readByPods(props: PlanResource["props"]): boolean {
  return !(secret.parse(props).name ?? "").startsWith("ecr-pullthroughcache/");
}

function inUse({ vpcEndpointType, privateDnsEnabled }: z.infer<typeof awsEndpoint>): boolean {
  return vpcEndpointType !== "Interface" || privateDnsEnabled === true;
}

function* onAlibaba(plan: Plan): Problems {
  if (plan.ofType(VPCS[1]).length === 0) return;
  const types = ["alicloud:privatelink/vpcEndpoint:VpcEndpoint", "alicloud:vpc/gatewayEndpoint:GatewayEndpoint"];
  const names = plan.ofType(...types).map(({ props }) => aliEndpoint.parse(props).serviceName);
  for (const service of ALI_SERVICES)
    if (!names.some((name) => name.endsWith(`.${service}`))) yield `no private endpoint for ${service}`;
  yield* needs(plan, "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance", [
    "alicloud:cr/vpcEndpointLinkedVpc:VpcEndpointLinkedVpc",
  ]);
  yield* needs(plan, "alicloud:kms/key:Key", ["alicloud:kms/instance:Instance"]);
}

function* onTencent(plan: Plan): Problems {
  yield* needs(plan, "tencentcloud:index/tcrInstance:TcrInstance", [
    "tencentcloud:index/tcrVpcAttachment:TcrVpcAttachment",
  ]);
}

function* needs(plan: Plan, what: string, inside: readonly string[]): Problems {
  if (plan.ofType(what).length > 0 && plan.ofType(...inside).length === 0)
    yield `${nameOf(what)} is planned without ${inside.map(nameOf).join(" or ")}, so that it is reached from outside`;
}

function nameOf(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}
