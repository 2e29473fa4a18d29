import { leaves } from "../known.ts";
import type { StackRule } from "../rule.ts";

const ACCESS_KEYS: readonly string[] = [
  "aws:iam/accessKey:AccessKey",
  "alicloud:ram/accessKey:AccessKey",
  "tencentcloud:index/camAccessKey:CamAccessKey",
];

/** Shortest text that any of the forms below fits: most texts of a plan are shorter and are not searched. */
const SHORTEST = 16;

/** Keys of AWS, Alibaba Cloud and Tencent Cloud, of model providers and of GitHub, and private keys. */
const CREDENTIAL =
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bLTAI[0-9A-Za-z]{12,26}\b|\bAKID[0-9A-Za-z]{13,40}\b|\bsk-[0-9A-Za-z_-]{20,}|\bgh[pousr]_[0-9A-Za-z]{36}\b|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/;

/** A key in the program is in its history, its state and every copy of both; what is found is never repeated here. */
export const iam002: StackRule = {
  id: "IAM-002",
  subjects: [],
  *check(plan) {
    const credentials = new Set([...plan.texts].filter(isCredential));
    for (const { urn, type, props } of plan.resources) {
      if (ACCESS_KEYS.includes(type)) yield { urn, problem: "an access key is made" };
      if (credentials.size === 0) continue;
      for (const { path, value } of leaves(props)) {
        if (typeof value === "string" && credentials.has(value)) yield { urn, problem: `${path} holds a credential` };
      }
    }
  },
};

function isCredential(text: string): boolean {
  return text.length >= SHORTEST && CREDENTIAL.test(text);
}
