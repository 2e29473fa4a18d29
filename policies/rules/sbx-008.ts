import { z } from "zod";
import { ifKnown, isSet } from "../known.ts";
import { agentPods, POD_TYPES, POOL_LABEL, podSpecOf } from "../pods.ts";
import type { Plan, PlanResource, StackProblem, StackRule } from "../rule.ts";

const EKS_GROUP = "aws:eks/nodeGroup:NodeGroup";
const ACK_POOL = "alicloud:cs/nodePool:NodePool";
const TKE_POOL = "tencentcloud:index/kubernetesNativeNodePool:KubernetesNativeNodePool";
const AWS_ROLE = "aws:iam/role:Role";
const AWS_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const AWS_INLINE = "aws:iam/rolePolicy:RolePolicy";
const RAM_ROLE = "alicloud:ram/role:Role";
const AWS_TRUST: Trust = { document: "assumeRolePolicy", service: "ec2.amazonaws.com" };
const RAM_TRUST: Trust = { document: "assumeRolePolicyDocument", service: "ecs.aliyuncs.com" };
const RAM_ATTACHMENT = "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment";

const pod = z.object({ nodeSelector: z.record(z.string(), z.string()).default({}) });
const attachment = z.object({ role: z.string(), policyArn: z.string() });
const inline = z.object({ role: z.string(), policy: z.string() });
/** What a role of AWS says of itself in place of attachments. */
const carried = z.object({ managedPolicyArns: z.array(z.string()).default([]) });
const carriedInline = z.object({ inlinePolicies: z.array(z.object({ policy: z.string() })).default([]) });
const ramAttachment = z.object({ roleName: z.string(), policyName: z.string(), policyType: z.string() });
const ramLabels = z.object({
  labels: z.array(z.object({ key: z.string(), value: z.string().optional() })).default([]),
});
const one = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === "string" ? [value] : value));
const document = z.object({ Statement: z.array(z.object({ Effect: z.string(), Action: one.default([]) })) });

/** What AWS says a node needs to join, to pull images and to give pods addresses. */
const JOIN = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKSWorkerNodeMinimalPolicy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonEC2ContainerRegistryReadOnly",
  "AmazonEKS_CNI_Policy",
];

/** What a node may have beside: reading its own files, and filling the cache of images. */
const READS =
  /^(s3:GetObject|kms:Decrypt|ecr:(CreateRepository|BatchImportUpstreamImage|Get\w+|BatchGet\w+|BatchCheck\w+))$/;

/**
 * Whoever breaks out of a sandbox is its node. There is nothing else on it, and what its role may do is to join, to pull
 * and to read. That pools repel others is K8S-017's; how often nodes are replaced is not in a plan. TKE's native nodes
 * have no role of their own.
 */
export const sbx008: StackRule = {
  id: "SBX-008",
  subjects: [EKS_GROUP, ACK_POOL, TKE_POOL, ...POD_TYPES],
  *check(plan) {
    if (plan.facts.topology !== "local") {
      for (const { urn, props } of agentPods(plan)) {
        const pool = pod.parse(podSpecOf(props)).nodeSelector[POOL_LABEL];
        if (pool !== "sandbox") yield { urn, problem: `it selects nodes of pool ${pool ?? "of any name"}` };
      }
    }
    yield* alibaba(plan);
    yield* aws(plan);
  },
};

function* alibaba(plan: Plan): Iterable<StackProblem> {
  for (const { urn, props } of plan.ofType(ACK_POOL)) {
    const sandbox = ramLabels.parse(props).labels.some(({ key, value }) => key === POOL_LABEL && value === "sandbox");
    if (sandbox && !isSet(props, "ramRoleName")) yield { urn, problem: "it shares the cluster's role of all nodes" };
  }
  const roles = assumedBy(plan, RAM_ROLE, RAM_TRUST);
  for (const { urn, props } of plan.ofType(RAM_ATTACHMENT)) {
    const { roleName, policyName, policyType } = ramAttachment.parse(props);
    if (policyType === "System" && roles.has(roleName)) yield { urn, problem: `nodes have Alibaba's ${policyName}` };
  }
}

function* aws(plan: Plan): Iterable<StackProblem> {
  const roles = assumedBy(plan, AWS_ROLE, AWS_TRUST);
  if (roles.size === 0) return;
  for (const { urn, props } of plan.ofType(AWS_ATTACHMENT)) {
    const { role, policyArn } = attachment.parse(props);
    if (roles.has(role)) yield* beyondJoining(urn, policyArn);
  }
  // Last, because what these say is known only after an update.
  for (const { urn, props } of plan.ofType(AWS_ROLE).filter(({ props }) => isOfMachines(props, AWS_TRUST))) {
    for (const policyArn of carried.parse(props).managedPolicyArns) yield* beyondJoining(urn, policyArn);
    for (const { policy } of carriedInline.parse(props).inlinePolicies) yield* beyondReading(urn, policy);
  }
  for (const { urn, props } of plan.ofType(AWS_INLINE)) {
    const { role, policy } = inline.parse(props);
    if (roles.has(role)) yield* beyondReading(urn, policy);
  }
}

function* beyondJoining(urn: string, policyArn: string): Iterable<StackProblem> {
  const policy = policyArn.slice(policyArn.lastIndexOf("/") + 1);
  if (!JOIN.includes(policy)) yield { urn, problem: `nodes have ${policy}` };
}

function* beyondReading(urn: string, policy: string): Iterable<StackProblem> {
  const allowed = document.parse(JSON.parse(policy)).Statement.filter(({ Effect }) => Effect === "Allow");
  const more = allowed.flatMap(({ Action }) => Action).filter((action) => !READS.test(action));
  if (more.length > 0) yield { urn, problem: `nodes may ${more.join(", ")}` };
}

interface Trust {
  /** Field of a role that says who may become it. */
  readonly document: string;
  /** The cloud's machines, as the document names them. */
  readonly service: string;
}

/** Names of roles that machines have. A role whose trust is known only later is none of a machine: that is a plain text. */
function assumedBy(plan: Plan, type: string, trust: Trust): ReadonlySet<string> {
  const names = plan.ofType(type).flatMap(({ props }) => {
    if (!isOfMachines(props, trust)) return [];
    const { name, roleName } = z.object({ name: z.string().optional(), roleName: z.string().optional() }).parse(props);
    return [name ?? roleName ?? ""];
  });
  return new Set(names);
}

function isOfMachines(props: PlanResource["props"], { document: field, service }: Trust): boolean {
  const trust = ifKnown(() => props[field], undefined);
  return typeof trust === "string" && trust.includes(service);
}
