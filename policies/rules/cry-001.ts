import { z } from "zod";
import type { ResourceRule } from "../rule.ts";

/** A year, in days. */
const LONGEST = 365;

const aws = z.object({ enableKeyRotation: z.boolean().optional(), rotationPeriodInDays: z.number().optional() });
const alibaba = z.object({ automaticRotation: z.string().optional(), rotationInterval: z.string().optional() });
const tencent = z.object({ keyRotationEnabled: z.boolean().optional() });

/** What was encrypted with a key that leaked is lost; rotation bounds how much that is. */
export const cry001: ResourceRule = {
  id: "CRY-001",
  on: {
    "aws:kms/key:Key": function* (props) {
      // Without a period AWS takes a year.
      const { enableKeyRotation, rotationPeriodInDays = LONGEST } = aws.parse(props);
      if (enableKeyRotation !== true) yield "enableKeyRotation is not true";
      if (rotationPeriodInDays > LONGEST) yield `rotationPeriodInDays is ${rotationPeriodInDays}`;
    },
    "alicloud:kms/key:Key": function* (props) {
      const { automaticRotation = "Disabled", rotationInterval } = alibaba.parse(props);
      if (automaticRotation !== "Enabled") yield `automaticRotation is ${automaticRotation}`;
      else if (!(daysOf(rotationInterval) <= LONGEST)) yield `rotationInterval is ${rotationInterval ?? "missing"}`;
    },
    // KMS of Tencent Cloud rotates once a year and takes no period.
    "tencentcloud:index/kmsKey:KmsKey": function* (props) {
      if (tencent.parse(props).keyRotationEnabled !== true) yield "keyRotationEnabled is not true";
    },
  },
};

const UNITS: Readonly<Record<string, number>> = { d: 1, h: 1 / 24, m: 1 / 1440, s: 1 / 86_400 };

/** `365d` and `31536000s` in days; NaN for what is neither. */
function daysOf(interval = ""): number {
  const [, amount, unit = ""] = /^(\d+)([dhms])$/.exec(interval) ?? [];
  return Number(amount) * (UNITS[unit] ?? Number.NaN);
}
