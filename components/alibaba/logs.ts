import { Trail } from "@pulumi/alicloud/actiontrail/trail.js";
import { Project } from "@pulumi/alicloud/log/project.js";
import { Store } from "@pulumi/alicloud/log/store.js";
import { StoreIndex } from "@pulumi/alicloud/log/storeIndex.js";
import { FlowLog } from "@pulumi/alicloud/vpc/flowLog.js";
import { interpolate } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { Demand } from "../demand.ts";
import { kept } from "../resource-options.ts";
import type { Bucket } from "./bucket.ts";
import { type AlibabaContext, named } from "./context.ts";
import { RamRole, useOfKey } from "./identity.ts";
import type { Keys } from "./keys.ts";
import type { Network } from "./network.ts";

/** Days of logs that mainland China asks for: Cybersecurity Law as amended 2025, Art. 23(3), six months. */
const MAINLAND_DAYS = 184;
/** What SLS takes as days; this many means for ever. */
const FOREVER_DAYS = 3650;

/** Days that every log is kept. */
export function retentionDays({ auditRetentionDays }: Pick<Demand, "auditRetentionDays">, mainland: boolean): number {
  return Math.min(FOREVER_DAYS, Math.max(auditRetentionDays, mainland ? MAINLAND_DAYS : 1));
}

/** The stores that are ours; ACK makes its own in the same project. The load balancer's name has to begin so. */
const STORES = { flow: "flow", entry: "alb_entry" } as const;

/** What {@link Logs} needs. */
export interface LogsArgs {
  readonly context: AlibabaContext;
  readonly network: Network;
  readonly keys: Keys;
}

/**
 * One log project of the environment, encrypted with a key of its own, and the flow log of the network.
 *
 * Children: RamRole, Project; Store and StoreIndex for each kind of log; FlowLog. Cost: 0.40 CNY a GB written
 * (facts of 2026-11-23). Checked by: test/unit/components/alibaba/logs.test.ts.
 */
export class Logs extends Component {
  readonly project: Project;
  /** Where the load balancer writes its requests. */
  readonly entryStore: Store;

  constructor(name: string, args: LogsArgs, opts?: ComponentResourceOptions) {
    super("breakwater:alibaba:Logs", name, opts);
    const { context, network, keys } = args;
    const encryptor = new RamRole(
      `${name}-encryption`,
      {
        context,
        role: "log-encryption",
        says: "Lets the log service encrypt this environment's logs with its key.",
        trust: { service: "log.aliyuncs.com" },
        allows: [useOfKey(keys.of("logs").arn)],
      },
      { parent: this },
    );
    this.project = new Project(
      name,
      {
        projectName: named(context, "project", "logs"),
        description: `Breakwater environment ${context.demand.environment}`,
        tags: context.tags,
      },
      kept(this.child()),
    );
    const flow = this.#store(`${name}-flow`, STORES.flow, { ...args, encryptor });
    this.entryStore = this.#store(`${name}-entry`, STORES.entry, { ...args, encryptor });
    new FlowLog(
      name,
      {
        flowLogName: named(context, "network", "flow"),
        projectName: this.project.projectName,
        logStoreName: flow.logstoreName,
        resourceType: "VPC",
        resourceId: network.vpc.id,
        trafficType: "All",
        aggregationInterval: "10",
        status: "Active",
        tags: context.tags,
      },
      this.child(),
    );
    this.registerOutputs();
  }

  #store(name: string, storeName: string, { context, keys, encryptor }: LogsArgs & { encryptor: RamRole }): Store {
    const store = new Store(
      name,
      {
        projectName: this.project.projectName,
        logstoreName: storeName,
        retentionPeriod: retentionDays(context.demand, context.mainland),
        enableWebTracking: false,
        appendMeta: true,
        autoSplit: true,
        maxSplitShardCount: 64,
        encryptConf: {
          enable: true,
          encryptType: "default",
          userCmkInfo: { cmkKeyId: keys.of("logs").id, arn: encryptor.arn, regionId: context.demand.region },
        },
      },
      kept(this.child()),
    );
    const fullText = { caseSensitive: false, includeChinese: false, token: " #$^*\r\n\t,;\"'()[]{}?@&<>/:=" };
    new StoreIndex(name, { project: this.project.projectName, logstore: store.logstoreName, fullText }, this.child());
    return store;
  }
}

/**
 * What anybody does with the account, written to the audit bucket, where nobody can take it back.
 *
 * Children: RamRole, Trail. Cost: storage in the bucket. Checked by: test/unit/components/alibaba/logs.test.ts.
 */
export class AccountTrail extends Component {
  constructor(
    name: string,
    args: { readonly context: AlibabaContext; readonly bucket: Bucket; readonly keys: Keys },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:alibaba:AccountTrail", name, opts);
    const { context, bucket, keys } = args;
    const writer = new RamRole(
      name,
      {
        context,
        role: "trail",
        says: "Lets the trail of the account write to the audit bucket.",
        trust: { service: "actiontrail.aliyuncs.com" },
        allows: [
          {
            Effect: "Allow",
            Action: ["oss:PutObject", "oss:GetBucketInfo", "oss:GetBucketLocation"],
            Resource: [
              interpolate`acs:oss:*:*:${bucket.bucketName}`,
              interpolate`acs:oss:*:*:${bucket.bucketName}/trail/*`,
            ],
          },
          useOfKey(keys.of("audit").arn),
        ],
      },
      { parent: this },
    );
    new Trail(
      name,
      {
        trailName: named(context, "trail", "trail"),
        trailRegion: "All",
        eventRw: "All",
        status: "Enable",
        ossBucketName: bucket.bucketName,
        ossKeyPrefix: "trail",
        ossWriteRoleArn: writer.arn,
      },
      kept(this.child(bucket)),
    );
    this.registerOutputs();
  }
}
