import type { V1PodSpec } from "@kubernetes/client-node";
import { expect } from "vitest";
import { type Deployed, until } from "./cluster.ts";

/** Runs `body` while a tenant's sandbox is a changed one, and puts its own back. */
export async function withSandbox<T>(
  at: Deployed,
  namespace: string,
  change: (pod: V1PodSpec) => void,
  body: () => Promise<T>,
): Promise<T> {
  const { spec } = await at.apps.readNamespacedDeployment({ namespace, name: "sandbox" });
  const own = spec?.template.spec;
  if (own === undefined) throw new Error("the sandbox has no pod template");
  const changed = structuredClone(own);
  change(changed);
  await putPod(at, namespace, changed);
  try {
    return await body();
  } finally {
    await putPod(at, namespace, own);
  }
}

async function putPod(at: Deployed, namespace: string, pod: V1PodSpec): Promise<void> {
  const sandbox = await at.apps.readNamespacedDeployment({ namespace, name: "sandbox" });
  if (sandbox.spec === undefined) throw new Error("the sandbox has no pod template");
  sandbox.spec.template.spec = pod;
  await at.apps.replaceNamespacedDeployment({ namespace, name: "sandbox", body: sandbox });
  const { status } = await until(
    () => at.apps.readNamespacedDeployment({ namespace, name: "sandbox" }),
    ({ metadata, status }) =>
      status?.observedGeneration === metadata?.generation &&
      [status?.replicas, status?.updatedReplicas, status?.readyReplicas].every((count) => count === 1),
    180,
  );
  expect(status?.readyReplicas).toBe(1);
}

/** Runs `body` while nothing asks what a tenant's pods are, and binds the policy again. */
export async function withoutPodAdmission<T>(at: Deployed, body: () => Promise<T>): Promise<T> {
  const name = "breakwater-tenant-pods";
  const { metadata, spec } = await at.admission.readValidatingAdmissionPolicyBinding({ name });
  await at.admission.deleteValidatingAdmissionPolicyBinding({ name });
  try {
    return await body();
  } finally {
    const { labels = {}, annotations = {} } = metadata ?? {};
    await at.admission.createValidatingAdmissionPolicyBinding({
      body: { metadata: { name, labels, annotations }, ...(spec === undefined ? {} : { spec }) },
    });
  }
}
