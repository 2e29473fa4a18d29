import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";

const range = (says: string) =>
  leaf(z.cidrv4(), {
    says,
    enforcer: ENFORCERS.existingCluster,
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "an IPv4 range in CIDR notation",
        remedy: 'write it as in "10.244.0.0/16"',
      },
    },
  });

const className = (says: string) =>
  leaf(
    z
      .string()
      .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/)
      .max(253),
    { says, enforcer: ENFORCERS.existingCluster },
  );

/** What topology dgx cannot make and has to be told: the cluster that is there. */
const existing = z.strictObject({
  registry: leaf(z.string().regex(/^[a-z0-9.-]+(:\d{1,5})?(\/[a-z0-9._/-]+)?$/), {
    says: "Image registry inside the company network; images are pushed there and named by digest.",
    enforcer: ENFORCERS.existingCluster,
  }),
  charts: leaf(z.url({ protocol: /^(https|oci)$/ }).max(500), {
    says: "Mirror of the Helm charts that operators are installed from, inside the company network.",
    enforcer: ENFORCERS.existingCluster,
  }),
  pod_cidr: range("Addresses of the cluster's pods."),
  service_cidr: range("Addresses of the cluster's Services."),
  api_cidr: range("Where the API server answers."),
  load_balancer_cidr: range("Addresses that MetalLB may give to the front door."),
  storage_class: className("StorageClass of volumes that one pod writes."),
  shared_storage_class: className("StorageClass of volumes that several pods write, such as NFS or Lustre."),
});

/** The cluster that is made on a cloud, or the one that is there already. */
export const kubernetes = z.strictObject({
  version: leaf(z.string().regex(/^1\.\d{2}$/), {
    says: "Kubernetes minor version.",
    source: "1.30 and later have ValidatingAdmissionPolicy; each topology knows which ones its cloud offers",
    enforcer: ENFORCERS.cloudCluster,
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "a minor version",
        remedy: 'write it quoted, as in "1.34"',
      },
    },
  }).default("1.34"),
  existing: existing.optional(),
});
