import { Instance } from "@pulumi/alicloud/threatdetection/instance.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import type { AlibabaContext } from "./context.ts";

const ON = 1;
const OFF = 0;

/** The edition that looks into containers as well as hosts (threat_detection_instance of the provider, read 2026-11-30). */
const FLAGSHIP = 7;

/**
 * Who looks for trouble on the nodes: Security Center by use, with its protection of hosts and containers for every node
 * that joins, and nothing else of what it sells. An account has one: where it has it already, `deployment.account_has` says
 * so, and none is made; nor under architecture B, because what it sees goes to Alibaba's own center, outside the region.
 *
 * Children: `${name}` (Instance), which the provider cannot delete. Cost: by core and day, price not known here.
 * Checked by: test/unit/components/alibaba/threat-detection.test.ts.
 */
export class ThreatDetection extends Component {
  constructor(name: string, { demand }: AlibabaContext, opts?: ComponentResourceOptions) {
    super("breakwater:alibaba:ThreatDetection", name, opts);
    if (demand.architecture === "A" && !demand.accountHas.includes("threat-detection")) {
      new Instance(
        name,
        {
          paymentType: "PayAsYouGo",
          postPaidFlag: ON,
          postPaidHostAutoBind: ON,
          postPaidHostAutoBindVersion: FLAGSHIP,
          postPayModuleSwitchObj: {
            basicService: ON,
            postHost: ON,
            agentless: OFF,
            antiRansomware: OFF,
            cspm: OFF,
            ctdr: OFF,
            ctdrStorage: OFF,
            rasp: OFF,
            sdk: OFF,
            serverless: OFF,
            vul: OFF,
            webLock: OFF,
          },
        },
        kept(this.child()),
      );
    }
    this.registerOutputs();
  }
}
