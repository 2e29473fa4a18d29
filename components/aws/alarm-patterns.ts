import { operatorRoleName } from "./cluster.ts";
import type { PlainContext } from "./context.ts";

/** Something that happens in the account and that people are told of. */
export interface Alarm {
  /** Part of names. */
  readonly role: string;
  readonly says: string;
  /** What EventBridge compares events with. */
  readonly pattern: object;
  readonly state: "ENABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";
  /** The sentence that people get, and where in the event its parts are. */
  readonly message: { readonly inputPaths: Readonly<Record<string, string>>; readonly inputTemplate: string };
}

/** Everything that people are told of. */
export function alarmsOf(context: PlainContext): readonly Alarm[] {
  return [operatorAssumed(context), threatFound(context)];
}

/**
 * Somebody takes on the role that administrates the cluster, or tries to. CloudTrail calls that a read, and a rule hears
 * of reads in this state alone (types of @pulumi/aws 7.48.0, read 2026-11-30). The role is compared by the end of its ARN,
 * so that the pattern is known before the role is made.
 */
function operatorAssumed(context: PlainContext): Alarm {
  return {
    role: "operator-assumed",
    says: `Somebody assumed the role that administrates the cluster of ${context.demand.environment}`,
    pattern: {
      source: ["aws.sts"],
      "detail-type": ["AWS API Call via CloudTrail"],
      detail: {
        eventName: ["AssumeRole"],
        requestParameters: { roleArn: [{ suffix: `:role/${operatorRoleName(context)}` }] },
      },
    },
    state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
    message: {
      inputPaths: {
        at: "$.time",
        who: "$.detail.userIdentity.arn",
        from: "$.detail.sourceIPAddress",
        role: "$.detail.requestParameters.roleArn",
        session: "$.detail.requestParameters.roleSessionName",
      },
      inputTemplate: '"<at>: <who> from <from> asked for the role <role> as <session>."',
    },
  };
}

/** From here on GuardDuty calls a finding medium (GuardDuty user guide: low ends at 3.9, remembered). */
const MEDIUM = 4;

/** GuardDuty found something in this account and region that is more than a curiosity, whoever made its detector. */
function threatFound({ demand }: PlainContext): Alarm {
  return {
    role: "threat-found",
    says: `GuardDuty found something in the account of ${demand.environment}`,
    pattern: {
      source: ["aws.guardduty"],
      "detail-type": ["GuardDuty Finding"],
      detail: { severity: [{ numeric: [">=", MEDIUM] }] },
    },
    state: "ENABLED",
    message: {
      inputPaths: {
        at: "$.time",
        type: "$.detail.type",
        severity: "$.detail.severity",
        title: "$.detail.title",
        finding: "$.detail.id",
      },
      inputTemplate: '"<at>: GuardDuty, severity <severity>: <title> (<type>, finding <finding>)."',
    },
  };
}
