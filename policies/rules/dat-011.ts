import { z } from "zod";
import { AWS_BUCKETS } from "../buckets.ts";
import { forTypes, type ResourceRule } from "../rule.ts";

/** What keeps data, or keys to it, and takes tags. Log stores and trails of Alibaba Cloud and Tencent Cloud take none. */
const STATEFUL = [
  "aws:backup/vault:Vault",
  "aws:cloudtrail/trail:Trail",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:ecr/repository:Repository",
  "aws:efs/fileSystem:FileSystem",
  "aws:eks/cluster:Cluster",
  "aws:kms/key:Key",
  "aws:rds/cluster:Cluster",
  "aws:rds/instance:Instance",
  ...AWS_BUCKETS,
  "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance",
  "alicloud:cs/managedKubernetes:ManagedKubernetes",
  "alicloud:hbr/vault:Vault",
  "alicloud:kms/key:Key",
  "alicloud:log/project:Project",
  "alicloud:nas/fileSystem:FileSystem",
  "alicloud:oss/bucket:Bucket",
  "alicloud:rds/instance:Instance",
  "tencentcloud:index/clsTopic:ClsTopic",
  "tencentcloud:index/cosBucket:CosBucket",
  "tencentcloud:index/kmsKey:KmsKey",
  "tencentcloud:index/kubernetesCluster:KubernetesCluster",
  "tencentcloud:index/postgresqlInstance:PostgresqlInstance",
  "tencentcloud:index/tcrInstance:TcrInstance",
];

const tagged = z.object({ tags: z.record(z.string(), z.string()).default({}) });

/**
 * Whoever finds a bucket years later must see what lies in it, whose it is and which country it must not leave. All of
 * these are shared by the tenants, so none has a tenant's tag: what is a tenant's own is in its namespace.
 */
export const dat011: ResourceRule = {
  id: "DAT-011",
  on: forTypes(STATEFUL, function* (props, { dataClass, region, jurisdiction }) {
    const { tags } = tagged.parse(props);
    const wanted: Readonly<Record<string, readonly string[]>> = {
      "breakwater:data-class": [dataClass],
      "breakwater:residency": [region, jurisdiction],
    };
    for (const [tag, values] of Object.entries(wanted)) {
      const given = tags[tag];
      if (given === undefined) yield `tag ${tag} is missing`;
      else if (!values.includes(given)) yield `tag ${tag} is ${given}`;
    }
    if ((tags["breakwater:owner"] ?? "") === "") yield "tag breakwater:owner is missing";
  }),
};
