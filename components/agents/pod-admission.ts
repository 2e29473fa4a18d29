import { ValidatingAdmissionPolicy } from "@pulumi/kubernetes/admissionregistration/v1/validatingAdmissionPolicy.js";
import { ValidatingAdmissionPolicyBinding } from "@pulumi/kubernetes/admissionregistration/v1/validatingAdmissionPolicyBinding.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import { type Output, output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { TENANT_LABEL } from "../labels.ts";
import { TENANT_PODS_POLICY } from "../names.ts";
import type { ImageName, Platform } from "../platform.ts";
import { POD_REQUESTS } from "../pod-requests.ts";
import { POD_VARIABLES, podRules } from "./pod-rules.ts";

/** What the admission of tenants' pods needs. */
export interface PodAdmissionArgs {
  readonly platform: Pick<Platform, "image" | "sandboxRuntimeClass" | "placement">;
}

/**
 * A pod in a tenant's namespace is the cell or the sandbox that we render, whoever makes it: an operator, a person with
 * kubectl or this program. The API server refuses any other, and refuses all while it cannot tell.
 *
 * Children: ValidatingAdmissionPolicy and its binding to every namespace of a tenant. Cost: none.
 * Checked by: policies/rules/sbx-009.ts, `breakwater verify` (tenant/pods-admitted).
 */
export class PodAdmission extends Component {
  constructor(name: string, { platform }: PodAdmissionArgs, opts?: ComponentResourceOptions) {
    super("breakwater:agents:PodAdmission", name, opts);
    const labels = { "app.kubernetes.io/part-of": "breakwater" };
    const policy = new ValidatingAdmissionPolicy(
      name,
      { metadata: { name: TENANT_PODS_POLICY, labels }, spec: policySpec(platform) },
      this.child(),
    );
    new ValidatingAdmissionPolicyBinding(
      name,
      {
        metadata: { name: TENANT_PODS_POLICY, labels },
        spec: {
          policyName: TENANT_PODS_POLICY,
          validationActions: ["Deny", "Audit"],
          matchResources: { namespaceSelector: { matchExpressions: [{ key: TENANT_LABEL, operator: "Exists" }] } },
        },
      },
      this.child(policy),
    );
    this.registerOutputs();
  }
}

function policySpec(
  platform: PodAdmissionArgs["platform"],
): input.admissionregistration.v1.ValidatingAdmissionPolicySpec {
  const facts = {
    runtimeClass: platform.sandboxRuntimeClass,
    cell: platform.placement("agents"),
    sandbox: platform.placement("sandbox"),
  };
  return {
    failurePolicy: "Fail",
    matchConstraints: POD_REQUESTS,
    variables: [...POD_VARIABLES, { name: "repositories", expression: repositories(platform) }],
    validations: podRules(facts).map((rule) => ({ ...rule })),
  };
}

/**
 * Where the images of a pod come from, without their digests: while a release rolls out, a pod of the one before may still
 * be started again.
 */
function repositories({ image }: PodAdmissionArgs["platform"]): Output<string> {
  const of = (names: readonly ImageName[]) =>
    output(names.map((name) => image(name))).apply((references) =>
      JSON.stringify(references.map((reference) => reference.split("@")[0])),
    );
  return output([of(["cell", "cell-agent"]), of(["sandbox"])]).apply(
    ([cell, sandbox]) => `variables.isCell ? ${cell} : ${sandbox}`,
  );
}
