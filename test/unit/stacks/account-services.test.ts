import { expect, test } from "vitest";
import { recordPlan, sectionsOf } from "../../support/plan.ts";

/** What each cloud sells once for an account, by the word of `deployment.account_has`. */
const SERVICES = {
  "acme-aws": { "threat-detection": ["aws:guardduty/detector:Detector"] },
  "acme-alibaba": {
    "threat-detection": ["alicloud:threatdetection/instance:Instance"],
    "intrusion-prevention": ["alicloud:cloudfirewall/ipsConfig:IpsConfig"],
    "bastion-host": ["alicloud:bastionhost/instance:Instance"],
  },
  "acme-tencent": {
    "threat-detection": ["tencentcloud:index/cwpLicenseOrder:CwpLicenseOrder"],
    "intrusion-prevention": ["tencentcloud:index/cfwIpsModeSwitch:CfwIpsModeSwitch"],
    "bastion-host": ["tencentcloud:index/bhResource:BhResource"],
  },
} as const;

async function typesOf(environment: string, accountHas: readonly string[]): Promise<ReadonlySet<string>> {
  const sections = sectionsOf(environment);
  const deployment = { ...(sections["deployment"] as object), account_has: accountHas };
  const plan = await recordPlan({ ...sections, deployment }, { environment });
  return new Set(plan.map(({ type }) => type));
}

test.each(Object.entries(SERVICES))(
  "%s makes what an account has once, unless deployment.account_has names it",
  {
    timeout: 120_000,
  },
  async (environment, services) => {
    const made = await typesOf(environment, []);
    const left = await typesOf(environment, Object.keys(services));
    for (const type of Object.values(services).flat()) {
      expect([type, made.has(type), left.has(type)]).toEqual([type, true, false]);
    }
  },
);
