import { type Fields, isSet } from "../known.ts";
import { forTypes, type ResourceRule } from "../rule.ts";

/** What a provider would log in with if it had a key of its own, by cloud. */
const STATIC: Readonly<Record<string, readonly string[]>> = {
  "pulumi:providers:aws": ["accessKey", "secretKey"],
  "pulumi:providers:alicloud": ["accessKey", "secretKey"],
  "pulumi:providers:tencentcloud": ["secretId", "secretKey"],
};

const USERS = ["aws:iam/user:User", "alicloud:ram/user:User", "tencentcloud:index/camUser:CamUser"];

/**
 * Whatever deploys can do most, so it must be no user and have no key that stays valid. What a plan shows of it: the
 * providers get no key of their own, which leaves the short-lived identity of the pipeline, and no user is made.
 */
export const iam008: ResourceRule = {
  id: "IAM-008",
  on: {
    ...Object.fromEntries(
      Object.entries(STATIC).map(([type, fields]) => [type, (props: Fields) => keysIn(props, fields)]),
    ),
    ...forTypes(USERS, () => ["a user is made"]),
  },
};

function keysIn(props: Fields, fields: readonly string[]): readonly string[] {
  return fields.filter((field) => isSet(props, field)).map((field) => `the provider gets ${field}`);
}
