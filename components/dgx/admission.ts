import { ValidatingAdmissionPolicy } from "@pulumi/kubernetes/admissionregistration/v1/validatingAdmissionPolicy.js";
import { ValidatingAdmissionPolicyBinding } from "@pulumi/kubernetes/admissionregistration/v1/validatingAdmissionPolicyBinding.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { INFERENCE_NAMESPACE } from "../inference/served-model.ts";
import { TENANT_LABEL } from "../labels.ts";
import { PLATFORM_NAMESPACE } from "../names.ts";
import { POD_REQUESTS } from "../pod-requests.ts";

const POLICY = "breakwater-images";

/** What the admission of images needs. */
export interface AdmissionArgs {
  /** The only registry that pods of the platform may come from. */
  readonly registry: string;
}

/**
 * Pods of tenants, of the shared parts and of model servers come from the company's registry and by digest, whoever makes
 * them: an operator, a person with kubectl or this program.
 *
 * Children: ValidatingAdmissionPolicy, a binding for the namespaces of tenants and one for the platform's. Cost: none.
 */
export class Admission extends Component {
  constructor(name: string, { registry }: AdmissionArgs, opts?: ComponentResourceOptions) {
    super("breakwater:dgx:Admission", name, opts);
    const policy = new ValidatingAdmissionPolicy(
      name,
      { metadata: { name: POLICY }, spec: imagesOf(registry) },
      this.child(),
    );
    const platform = [PLATFORM_NAMESPACE, INFERENCE_NAMESPACE];
    const spaces: Readonly<Record<string, input.meta.v1.LabelSelectorRequirement>> = {
      tenants: { key: TENANT_LABEL, operator: "Exists" },
      platform: { key: "kubernetes.io/metadata.name", operator: "In", values: platform },
    };
    for (const [which, expression] of Object.entries(spaces)) {
      new ValidatingAdmissionPolicyBinding(
        `${name}-${which}`,
        {
          metadata: { name: `${POLICY}-${which}` },
          spec: {
            policyName: POLICY,
            validationActions: ["Deny", "Audit"],
            matchResources: { namespaceSelector: { matchExpressions: [expression] } },
          },
        },
        this.child(policy),
      );
    }
    this.registerOutputs();
  }
}

function imagesOf(registry: string): input.admissionregistration.v1.ValidatingAdmissionPolicySpec {
  const own = `c.image.startsWith(${JSON.stringify(`${registry}/`)}) && c.image.contains("@sha256:")`;
  const all = (list: string) => `!has(object.spec.${list}) || object.spec.${list}.all(c, ${own})`;
  return {
    failurePolicy: "Fail",
    matchConstraints: POD_REQUESTS,
    validations: ["containers", "initContainers", "ephemeralContainers"].map((list) => ({
      expression: all(list),
      message: `${list}: images come from ${registry} and by digest`,
    })),
  };
}
