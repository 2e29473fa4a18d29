import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget.js";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { LogResourcePolicy } from "@pulumi/aws/cloudwatch/logResourcePolicy.js";
import { Topic } from "@pulumi/aws/sns/topic.js";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import type { Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import { type Alarm, alarmsOf } from "./alarm-patterns.ts";
import { type AwsContext, named, tagged } from "./context.ts";
import type { Keys } from "./keys.ts";
import { retentionDays } from "./logs.ts";
import { document, type Statement } from "./policies.ts";

const EVENTS = "events.amazonaws.com";

/** Where an alarm goes, and what has to be there before. */
interface Destination {
  readonly arn: Output<string>;
  readonly open: Resource;
}

/**
 * What in the account somebody has to hear of at once. The people that monitoring names get a mail each, which they
 * confirm once; where it names nobody, the alarms are in a log group of their own.
 *
 * Children: `${name}` (Topic, TopicPolicy, a TopicSubscription for each address; or LogGroup, LogResourcePolicy), EventRule
 * and EventTarget for each alarm. Cost: mails, no price known. Checked by: test/unit/components/aws/alarms.test.ts.
 */
export class Alarms extends Component {
  constructor(name: string, context: AwsContext, keys: Keys, opts?: ComponentResourceOptions) {
    super("breakwater:aws:Alarms", name, opts);
    const destination =
      context.demand.notify.length > 0 ? this.#people(name, context, keys) : this.#log(name, context, keys);
    for (const alarm of alarmsOf(context)) this.#alarm(name, context, { alarm, destination });
    this.registerOutputs();
  }

  #people(name: string, context: AwsContext, keys: Keys): Destination {
    const label = named(context, "topic", "alarms");
    const topic = new Topic(
      name,
      { name: label, kmsMasterKeyId: keys.of("alarms").keyId, tags: tagged(context, label) },
      this.child(),
    );
    const open = new TopicPolicy(
      name,
      { arn: topic.arn, policy: topic.arn.apply((arn) => document(...topicRights(arn))) },
      this.child(),
    );
    for (const endpoint of context.demand.notify) {
      new TopicSubscription(`${name}-${endpoint}`, { topic: topic.arn, protocol: "email", endpoint }, this.child());
    }
    return { arn: topic.arn, open };
  }

  #log(name: string, context: AwsContext, keys: Keys): Destination {
    const group = new LogGroup(
      name,
      {
        // EventBridge writes below this prefix alone.
        name: `/aws/events/${named(context, "logGroup", "alarms")}`,
        retentionInDays: retentionDays(context.demand.auditRetentionDays),
        kmsKeyId: keys.of("logs").arn,
        deletionProtectionEnabled: true,
        tags: { ...context.tags },
      },
      kept(this.child()),
    );
    const open = new LogResourcePolicy(
      name,
      {
        policyName: named(context, "logPolicy", "alarms"),
        policyDocument: group.arn.apply((arn) =>
          document({
            Effect: "Allow",
            Principal: { Service: [EVENTS, "delivery.logs.amazonaws.com"] },
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: `${arn}:*`,
          }),
        ),
      },
      this.child(),
    );
    return { arn: group.arn, open };
  }

  #alarm(
    name: string,
    context: AwsContext,
    { alarm, destination }: { readonly alarm: Alarm; readonly destination: Destination },
  ): void {
    const own = `${name}-${alarm.role}`;
    const rule = new EventRule(
      own,
      {
        name: named(context, "eventRule", `${alarm.role}-${context.demand.region}`),
        description: alarm.says,
        eventPattern: JSON.stringify(alarm.pattern),
        state: alarm.state,
        tags: { ...context.tags },
      },
      this.child(),
    );
    // A log group takes whole events, people take a sentence.
    const told = context.demand.notify.length > 0 ? { inputTransformer: alarm.message } : {};
    new EventTarget(own, { rule: rule.name, arn: destination.arn, ...told }, this.child(destination.open));
  }
}

/**
 * Who may publish. EventBridge states no source when it publishes, so that a condition on one would silence every alarm
 * (EventBridge user guide, remembered); what it may do is one topic, which reaches people and nothing else.
 */
export function topicRights(topicArn: string): readonly Statement[] {
  return [
    {
      Sid: "EventsPublish",
      Effect: "Allow",
      Principal: { Service: EVENTS },
      Action: "sns:Publish",
      Resource: topicArn,
    },
    {
      Sid: "OnlyTls",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
}
