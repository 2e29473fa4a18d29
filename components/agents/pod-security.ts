import type { input } from "@pulumi/kubernetes/types/index.js";

/** The user that every image brings; it owns nothing outside its volumes. */
const UID = 1000;

/**
 * Pod fields that Pod Security `restricted` demands, and what it leaves open that a hostile agent would use:
 * no service account token, no service addresses in the environment.
 */
export const restrictedPod = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: UID,
    runAsGroup: UID,
    fsGroup: UID,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  },
} satisfies Partial<input.core.v1.PodSpec>;

/** Container fields of every container: nothing gained, nothing written outside volumes. */
export const restrictedContainer = {
  imagePullPolicy: "IfNotPresent",
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
} satisfies Partial<input.core.v1.Container>;

/** Pod Security labels of a namespace: violations are refused, warned of and audited alike. */
export const restrictedNamespaceLabels = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/enforce-version": "v1.34",
  "pod-security.kubernetes.io/warn": "restricted",
  "pod-security.kubernetes.io/audit": "restricted",
};
