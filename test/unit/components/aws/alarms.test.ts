import { expect, test } from "vitest";
import { topicRights } from "../../../../components/aws/alarms.ts";
import { ACCOUNT, CHINA, DEMAND, type Recording, recorded } from "./recorded.ts";

const seoul = await recorded({ notify: ["ops@acme.example", "security@acme.example"] });
const china = await recorded({}, CHINA);
const nobody = await recorded({ notify: [] });

/** Names of the resources of a kind that alarms are made of. */
function alarms({ of }: Recording, kind: string): readonly string[] {
  return of(kind).flatMap(({ name }) => (name.startsWith("aws-alarms") ? [name] : []));
}

test("the rule hears of every try to assume the operators' role and of no other role", () => {
  const { eventPattern, state } = seoul.one("EventRule", "aws-alarms-operator-assumed");
  expect(JSON.parse(eventPattern)).toEqual({
    source: ["aws.sts"],
    "detail-type": ["AWS API Call via CloudTrail"],
    detail: {
      eventName: ["AssumeRole"],
      requestParameters: { roleArn: [{ suffix: ":role/acme-aws-operator-ap-northeast-2" }] },
    },
  });
  expect(seoul.one("Role", "aws-cluster-operator").name).toBe("acme-aws-operator-ap-northeast-2");
  // CloudTrail counts it among reads, which no rule hears of by itself.
  expect(state).toBe("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS");
});

test("everybody whom monitoring names gets a mail that says who asked for which role, from where and when", () => {
  const told = seoul.of("TopicSubscription").map(({ inputs }) => [inputs.protocol, inputs.endpoint, inputs.topic]);
  const topic = `arn:aws:mock:ap-northeast-2:${ACCOUNT}:aws-alarms`;
  expect(told).toEqual([
    ["email", "ops@acme.example", topic],
    ["email", "security@acme.example", topic],
  ]);
  const { arn, inputTransformer } = seoul.one("EventTarget", "aws-alarms-operator-assumed");
  expect(arn).toBe(topic);
  const { inputPaths, inputTemplate } = inputTransformer;
  expect(JSON.parse(inputTemplate)).toBe("<at>: <who> from <from> asked for the role <role> as <session>.");
  const used = [...inputTemplate.matchAll(/<(\w+)>/g)].map(([, part]) => part);
  expect(new Set(used)).toEqual(new Set(Object.keys(inputPaths)));
});

test("they hear of what GuardDuty finds from severity 4 on, whoever made the detector", async () => {
  const pattern = {
    source: ["aws.guardduty"],
    "detail-type": ["GuardDuty Finding"],
    detail: { severity: [{ numeric: [">=", 4] }] },
  };
  for (const plan of [seoul, china, await recorded({ accountHas: ["threat-detection"] })]) {
    expect(JSON.parse(plan.one("EventRule", "aws-alarms-threat-found").eventPattern)).toEqual(pattern);
    expect(plan.one("EventTarget", "aws-alarms-threat-found").arn).toContain("aws-alarms");
  }
});

test("the topic is encrypted with a key that EventBridge may use for nothing else", () => {
  expect(seoul.one("Topic", "aws-alarms").kmsMasterKeyId).toBe("aws-keys-alarms-key");
  const services = seoul
    .of("Key")
    .flatMap(({ name, inputs }) =>
      JSON.parse(inputs.policy).Statement.flatMap((each: { Principal: { Service?: string }; Action: unknown }) =>
        each.Principal.Service === "events.amazonaws.com" ? [[name, each.Action]] : [],
      ),
    );
  expect(services).toEqual([["aws-keys-alarms", ["kms:Decrypt", "kms:GenerateDataKey*"]]]);
});

test("only EventBridge publishes, over TLS, and no condition that it never states stands in its way", () => {
  const [publish, ...rest] = topicRights("topic");
  expect(publish).toEqual({
    Sid: "EventsPublish",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sns:Publish",
    Resource: "topic",
  });
  expect(rest.map(({ Effect, Condition }) => [Effect, Condition])).toEqual([
    ["Deny", { Bool: { "aws:SecureTransport": "false" } }],
  ]);
});

test.each([
  ["Seoul", seoul, "ap-northeast-2"],
  ["China", china, "cn-northwest-1"],
])(
  "%s: the role is handed out by the region's own endpoint alone, where the rule hears of it",
  (_place, plan, region) => {
    const [trust, ...more] = JSON.parse(plan.one("Role", "aws-cluster-operator").assumeRolePolicy).Statement;
    expect(more).toEqual([]);
    expect(trust.Condition).toEqual({ StringEquals: { "aws:RequestedRegion": region } });
    expect(plan.one("EventRule", "aws-alarms-operator-assumed").region).toBeUndefined();
  },
);

test("where monitoring names nobody, the whole event is kept in an encrypted group as long as audit records", () => {
  expect(alarms(nobody, "Topic")).toEqual([]);
  expect(nobody.one("LogGroup", "aws-alarms")).toMatchObject({
    name: `/aws/events/${DEMAND.environment}-alarms`,
    retentionInDays: 365,
    kmsKeyId: expect.stringContaining("aws-keys-logs"),
    deletionProtectionEnabled: true,
  });
  const target = nobody.one("EventTarget", "aws-alarms-operator-assumed");
  expect([target.arn, target.inputTransformer]).toEqual([expect.stringContaining("aws-alarms"), undefined]);
  const [right, ...more] = JSON.parse(nobody.one("LogResourcePolicy", "aws-alarms").policyDocument).Statement;
  expect(more).toEqual([]);
  expect(right.Resource).toBe(`arn:aws:mock:ap-northeast-2:${ACCOUNT}:aws-alarms:*`);
});
