import type { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import type { LoadBalancer } from "@pulumi/aws/lb/loadBalancer.js";
import type { input } from "@pulumi/aws/types/index.js";
import { WebAcl } from "@pulumi/aws/wafv2/webAcl.js";
import { WebAclAssociation } from "@pulumi/aws/wafv2/webAclAssociation.js";
import { WebAclLoggingConfiguration } from "@pulumi/aws/wafv2/webAclLoggingConfiguration.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { type AwsContext, named, tagged } from "./context.ts";

/**
 * Rules of AWS, and those of each that only count: a request's body is what somebody tells an agent, and a question about
 * an attack looks like one. Names: documentation of the rule groups, remembered.
 */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  AWSManagedRulesAmazonIpReputationList: [],
  AWSManagedRulesCommonRuleSet: [
    "SizeRestrictions_BODY",
    "CrossSiteScripting_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "EC2MetaDataSSRF_BODY",
  ],
  AWSManagedRulesKnownBadInputsRuleSet: [],
};

/** Requests of one address in five minutes; the front door's own limits are by key and tenant. */
const REQUESTS_PER_FIVE_MINUTES = 6000;

/**
 * What stands before a front door with an address of the internet: known bad addresses and inputs, floods, and a log of
 * all of it without anybody's key.
 *
 * Children: `${name}` (WebAcl, WebAclAssociation, WebAclLoggingConfiguration). Cost: 5 USD a month, 1 a rule, 0.60 a
 * million requests (us-east-1, 2024-07-01). Checked by: test/unit/components/aws/entry.test.ts.
 */
export class WebFirewall extends Component {
  constructor(
    name: string,
    context: AwsContext,
    { balancer, log }: { readonly balancer: LoadBalancer; readonly log: LogGroup },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:aws:WebFirewall", name, opts);
    const label = named(context, "webAcl", "front-door");
    const acl = new WebAcl(
      name,
      {
        name: label,
        scope: "REGIONAL",
        defaultAction: { allow: {} },
        rules: [
          rateRule(0),
          ...Object.entries(GROUPS).map(([group, counted], at) => groupRule(group, counted, at + 1)),
        ],
        visibilityConfig: seen(label),
        tags: tagged(context, label),
      },
      this.child(),
    );
    new WebAclAssociation(name, { resourceArn: balancer.arn, webAclArn: acl.arn }, this.child());
    new WebAclLoggingConfiguration(
      name,
      {
        resourceArn: acl.arn,
        logDestinationConfigs: [log.arn],
        redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }],
      },
      this.child(),
    );
    this.registerOutputs();
  }
}

function seen(metricName: string): input.wafv2.WebAclVisibilityConfig {
  return { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}

function rateRule(priority: number): input.wafv2.WebAclRule {
  return {
    name: "floods",
    priority,
    action: { block: {} },
    statement: { rateBasedStatement: { limit: REQUESTS_PER_FIVE_MINUTES, aggregateKeyType: "IP" } },
    visibilityConfig: seen("floods"),
  };
}

function groupRule(name: string, counted: readonly string[], priority: number): input.wafv2.WebAclRule {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name,
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    visibilityConfig: seen(name),
  };
}
