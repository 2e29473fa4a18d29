import { z } from "zod";
import { POD_TYPES } from "../pods.ts";
import type { Check, StackRule } from "../rule.ts";

/** Things that verify signatures at admission, each with what makes it refuse. */
const kyverno = z.object({
  spec: z.object({
    validationFailureAction: z.string().optional(),
    rules: z.array(z.object({ verifyImages: z.array(z.object({ failureAction: z.string().optional() })).optional() })),
  }),
});
const kyvernoImages = z.object({ spec: z.object({ validationActions: z.array(z.string()).default([]) }) });
const sigstore = z.object({ spec: z.object({ mode: z.string().optional() }) });

const refuses: Readonly<Record<string, (props: Parameters<Check>[0]) => boolean>> = {
  "kubernetes:kyverno.io/v1:ClusterPolicy": (props) => {
    const { validationFailureAction = "Audit", rules } = kyverno.parse(props).spec;
    const actions = rules.flatMap(({ verifyImages = [] }) => verifyImages.map(({ failureAction }) => failureAction));
    return actions.some((action = validationFailureAction) => action.toLowerCase() === "enforce");
  },
  "kubernetes:policies.kyverno.io/v1:ImageValidatingPolicy": (props) =>
    kyvernoImages.parse(props).spec.validationActions.includes("Deny"),
  "kubernetes:policy.sigstore.dev/v1beta1:ClusterImagePolicy": (props) =>
    (sigstore.parse(props).spec.mode ?? "enforce") === "enforce",
};

/**
 * A digest says that an image is the one that was reviewed, a signature who built it. Signing alone refuses nothing, so
 * that what TCR offers for it does not count; what counts is a policy in the cluster that turns an unsigned image away.
 */
export const sup004: StackRule = {
  id: "SUP-004",
  subjects: POD_TYPES,
  *check(plan) {
    const policies = Object.entries(refuses).flatMap(([type, does]) =>
      plan.ofType(type).map(({ props }) => does(props)),
    );
    if (policies.includes(true)) return;
    const verb = policies.length > 0 ? "only reports" : "looks at";
    yield {
      problem: `${policies.length > 0 ? "the policy that is planned" : "nothing that is planned"} ${verb} signatures of images`,
    };
  },
};
