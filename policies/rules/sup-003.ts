import { z } from "zod";
import { type Fields, isSet } from "../known.ts";
import type { Plan, StackProblem, StackRule } from "../rule.ts";

const ECR = "aws:ecr/repository:Repository";
const ACR = "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance";
const ACR_SCAN = "alicloud:cr/scanRule:ScanRule";
const TCR = "tencentcloud:index/tcrInstance:TcrInstance";
const TCR_NAMESPACE = "tencentcloud:index/tcrNamespace:TcrNamespace";
const TCR_IMMUTABLE = "tencentcloud:index/tcrImmutableTagRule:TcrImmutableTagRule";

const encryption = z.custom<Fields>((value) => typeof value === "object" && value !== null);
const ecr = z.object({
  imageScanningConfiguration: z.object({ scanOnPush: z.boolean() }).optional(),
  imageTagMutability: z.string().optional(),
  encryptionConfigurations: z.array(encryption).default([]),
});
const encryptionType = z.object({ encryptionType: z.string().optional() });
const acr = z.object({ imageScanner: z.string().optional() });
const acrScan = z.object({ triggerType: z.string() });
const tcrNamespace = z.object({ isAutoScan: z.boolean().optional() });
const tcrImmutable = z.object({ rule: z.object({ disabled: z.boolean().optional() }) });

/**
 * An image is scanned before it runs, stays what was scanned, and lies under the company's key. ACR keeps its layers in
 * a bucket of ours, whose key CRY rules look at; that its tags cannot move is no input of the provider, and every image is
 * named by digest anyway (SUP-001). TCR takes no key at all, which is a problem that only an exception can own.
 */
export const sup003: StackRule = {
  id: "SUP-003",
  subjects: [ECR, ACR, TCR],
  *check(plan) {
    for (const { urn, props } of plan.ofType(ECR)) for (const problem of ofEcr(props)) yield { urn, problem };
    yield* ofAcr(plan);
    yield* ofTcr(plan);
  },
};

function* ofEcr(props: Readonly<Record<string, unknown>>): Iterable<string> {
  const { imageScanningConfiguration, imageTagMutability, encryptionConfigurations } = ecr.parse(props);
  if (imageScanningConfiguration?.scanOnPush !== true) yield "imageScanningConfiguration.scanOnPush is not true";
  if (imageTagMutability !== "IMMUTABLE") yield "imageTagMutability is not IMMUTABLE";
  const [first] = encryptionConfigurations;
  const keyed = first !== undefined && (encryptionType.parse(first).encryptionType ?? "").startsWith("KMS");
  if (!keyed || !isSet(first, "kmsKey")) yield "encryptionConfigurations name no key of the customer";
}

function* ofAcr(plan: Plan): Iterable<StackProblem> {
  const scans = plan.ofType(ACR_SCAN).some(({ props }) => acrScan.parse(props).triggerType === "AUTO");
  for (const { urn, props } of plan.ofType(ACR)) {
    if (acr.parse(props).imageScanner === undefined) yield { urn, problem: "imageScanner is missing" };
    if (!scans) yield { urn, problem: "no ScanRule scans what is pushed" };
    if (!isSet(props, "customOssBucket"))
      yield { urn, problem: "images lie in no bucket of ours, and so under no key of ours" };
  }
}

function* ofTcr(plan: Plan): Iterable<StackProblem> {
  const instances = plan.ofType(TCR);
  for (const { urn, props } of plan.ofType(TCR_NAMESPACE)) {
    if (tcrNamespace.parse(props).isAutoScan !== true) yield { urn, problem: "isAutoScan is not true" };
  }
  const fixed = plan.ofType(TCR_IMMUTABLE).some(({ props }) => tcrImmutable.parse(props).rule.disabled !== true);
  for (const { urn } of instances) {
    if (!fixed) yield { urn, problem: "no TcrImmutableTagRule holds" };
    yield { urn, problem: "TCR takes no key of the customer" };
  }
}
