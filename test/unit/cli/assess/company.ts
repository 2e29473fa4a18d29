import type { Answers } from "../../../../cli/assess/answers.ts";

/** Answers that go together: a company of fifty in Seoul on AWS. A change is merged into each section. */
export function company(change: { readonly [Section in keyof Answers]?: Partial<Answers[Section]> } = {}): Answers {
  return {
    place: {
      name: "a-company",
      domain: "corp.example",
      country: "kr",
      infrastructure: "cloud",
      cloud: "any",
      state_owned: false,
      ...change.place,
    },
    scale: {
      people: 50,
      agents: 10,
      monthly_model_usd: 1000,
      tenant_isolation: true,
      departments: ["marketing", "engineering"],
      ...change.scale,
    },
    security: { data_may_leave: true, models: "any", standards: [], full_audit: true, ...change.security },
    functions: {
      browser_automation: false,
      voice: false,
      agents_work_together: false,
      sso: false,
      wechat_work: false,
      internal_systems: [],
      ...change.functions,
    },
    operations: { uptime_percent: 99, support: "8x5", rto_minutes: 1440, rpo_minutes: 1440, ...change.operations },
  };
}
