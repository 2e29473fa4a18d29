import { PolicyPack } from "@pulumi/policy";
import { type Rule, toPolicy } from "./rule.ts";
import { imageDigest } from "./rules/image-digest.ts";
import { podRestricted } from "./rules/pod-restricted.ts";
import { tenantDefaultDeny } from "./rules/tenant-default-deny.ts";

const rules: readonly Rule[] = [imageDigest, podRestricted, tenantDefaultDeny];

new PolicyPack("breakwater", { policies: rules.map(toPolicy) });
