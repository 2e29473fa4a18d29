import type { input } from "@pulumi/kubernetes/types/index.js";

/** Every request by which a pod comes into being or changes what it runs, for policies of admission. */
export const POD_REQUESTS: input.admissionregistration.v1.MatchResources = {
  resourceRules: [
    {
      apiGroups: [""],
      apiVersions: ["v1"],
      operations: ["CREATE", "UPDATE"],
      resources: ["pods", "pods/ephemeralcontainers"],
    },
  ],
};
