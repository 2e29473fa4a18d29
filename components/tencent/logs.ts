import type { Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import type { AuditBucket } from "./buckets.ts";
import { named, type TencentContext } from "./context.ts";
import { AuditTrack } from "./sdk/audit-track.ts";
import { ClsCosShipper } from "./sdk/cls-cos-shipper.ts";
import { ClsIndex } from "./sdk/cls-index.ts";
import { ClsLogset } from "./sdk/cls-logset.ts";
import { ClsTopic } from "./sdk/cls-topic.ts";

/** What is written down, each in its own topic. */
const TOPICS = ["cluster", "flows", "account", "entry"] as const;
export type LogName = (typeof TOPICS)[number];

/** Longest retention in days of a topic, and the number that stands for ever (provider 1.83.25, cls_topic). */
const LONGEST_DAYS = 3600;
const FOR_EVER = 3640;

/** The retention of a topic that keeps its events at least so long. */
export function retentionDays(atLeast: number): number {
  return atLeast > LONGEST_DAYS ? FOR_EVER : atLeast;
}

/** Between two deliveries to the bucket: the shortest that CLS allows (cls_cos_shipper: 300 to 900 seconds). */
const DELIVERY_SECONDS = 300;

/**
 * What happened in the control plane, at the border and in the account: topics that are kept as long as audit records,
 * and are delivered to the bucket whose objects nobody can delete.
 *
 * Topics are encrypted by CLS with its own key: a customer's needs an allow-listed account (provider 1.83.25, cls_topic
 * `encryption`), and asking for it in any other account is an error.
 *
 * Children: `${name}` (ClsLogset), and for each topic ClsTopic, ClsIndex, ClsCosShipper; AuditTrack. Cost: by volume,
 * price not known here. Checked by: test/unit/components/tencent/logs.test.ts.
 */
export class Logs extends Component {
  readonly logset: Output<string>;
  readonly #topics: Readonly<Record<LogName, ClsTopic>>;

  constructor(
    name: string,
    context: TencentContext,
    { audit }: { readonly audit: AuditBucket },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:tencent:Logs", name, opts);
    const logset = new ClsLogset(
      name,
      { logsetName: named(context, "log", "logs"), tags: context.tags },
      kept(this.child()),
    );
    this.logset = logset.id;
    const topic = (log: LogName) => this.#topic(name, context, logset, log);
    this.#topics = {
      cluster: topic("cluster"),
      flows: topic("flows"),
      account: topic("account"),
      entry: topic("entry"),
    };
    for (const log of TOPICS) this.#deliver(`${name}-${log}`, context, log, audit);
    this.#account(name, context);
    this.registerOutputs();
  }

  topic(log: LogName): Output<string> {
    return this.#topics[log].id;
  }

  #topic(name: string, context: TencentContext, logset: ClsLogset, log: LogName): ClsTopic {
    const topic = new ClsTopic(
      `${name}-${log}`,
      {
        logsetId: logset.id,
        topicName: named(context, "log", log),
        period: retentionDays(context.demand.auditRetentionDays),
        storageType: "hot",
        autoSplit: true,
        isWebTracking: false,
        tags: context.tags,
      },
      kept(this.child()),
    );
    new ClsIndex(
      `${name}-${log}`,
      {
        topicId: topic.id,
        status: true,
        includeInternalFields: true,
        rule: {
          fullText: { caseSensitive: false, tokenizer: "@&?|#()='\",;:<>[]{}/ \n\t\r", containZH: true },
          dynamicIndex: { status: true },
        },
      },
      this.child(),
    );
    return topic;
  }

  #deliver(name: string, context: TencentContext, log: LogName, audit: AuditBucket): void {
    new ClsCosShipper(
      name,
      {
        shipperName: named(context, "log", log),
        topicId: this.topic(log),
        bucket: audit.bucket.id,
        prefix: `logs/${log}/`,
        interval: DELIVERY_SECONDS,
      },
      this.child(audit.policy),
    );
  }

  /** Every call to every API of the account, reads too. */
  #account(name: string, context: TencentContext): void {
    new AuditTrack(
      name,
      {
        name: named(context, "track", "account"),
        actionType: "*",
        resourceType: "*",
        eventNames: ["*"],
        status: 1,
        storage: {
          storageType: "cls",
          storageName: this.topic("account"),
          storagePrefix: "cloudaudit",
          storageRegion: context.demand.region,
        },
      },
      kept(this.child()),
    );
  }
}
