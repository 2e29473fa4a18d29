import { z } from "zod";
import { isCloud } from "../audit-days.ts";
import { each, isSet } from "../known.ts";
import type { Check, StackRule } from "../rule.ts";
import { TRAILS } from "../trails.ts";

const aws = z.object({
  isMultiRegionTrail: z.boolean().optional(),
  enableLogFileValidation: z.boolean().optional(),
  enableLogging: z.boolean().default(true),
});
const alibaba = z.object({
  trailRegion: z.string().default("All"),
  eventRw: z.string().default("Write"),
  status: z.string().default("Enable"),
});
const tencent = z.object({ actionType: z.string(), resourceType: z.string(), status: z.number() });

const CHECKS: Readonly<Record<(typeof TRAILS)[number], Check>> = {
  "aws:cloudtrail/trail:Trail": function* (props) {
    const { isMultiRegionTrail, enableLogFileValidation, enableLogging } = aws.parse(props);
    if (isMultiRegionTrail !== true) yield "isMultiRegionTrail is not true";
    if (enableLogFileValidation !== true) yield "enableLogFileValidation is not true";
    if (!enableLogging) yield "enableLogging is false";
    if (!isSet(props, "kmsKeyId")) yield "kmsKeyId is missing";
  },
  "alicloud:actiontrail/trail:Trail": function* (props) {
    const { trailRegion, eventRw, status } = alibaba.parse(props);
    if (trailRegion !== "All") yield `trailRegion is ${trailRegion}`;
    if (eventRw !== "All") yield `eventRw is ${eventRw}`;
    if (status !== "Enable") yield `status is ${status}`;
  },
  // CloudAudit records every region, and seals its files by itself.
  "tencentcloud:index/auditTrack:AuditTrack": function* (props) {
    const { actionType, resourceType, status } = tencent.parse(props);
    if (actionType !== "*") yield `actionType is ${actionType}`;
    if (resourceType !== "*") yield `resourceType is ${resourceType}`;
    if (status !== 1) yield `status is ${status}`;
  },
};

/** An intruder works in the region that nobody watches. */
export const log005: StackRule = {
  id: "LOG-005",
  subjects: [],
  applies: isCloud,
  *check(plan) {
    const trails = plan.ofType(...TRAILS);
    if (trails.length === 0) yield { problem: "no trail of the account is planned" };
    yield* each(trails, function* ({ urn, type, props }) {
      for (const problem of CHECKS[type as (typeof TRAILS)[number]](props, plan.facts)) yield { urn, problem };
    });
  },
};
