import type { Answers } from "./answers.ts";
import { cloudOf } from "./regions.ts";
import type { TemplateName } from "./template.ts";

/** What a rule decides. */
export interface Choice {
  readonly architecture: "A" | "B";
  readonly topology: "aws" | "alibaba" | "tencent" | "dgx" | "local";
  /** The shipped environment that the file is made from. */
  readonly template: TemplateName;
}

interface Rule<T> {
  readonly when: (answers: Answers) => boolean;
  readonly choose: T;
  readonly because: string;
}

/** First that holds decides the architecture. */
const ARCHITECTURE: readonly Rule<Choice["architecture"]>[] = [
  {
    when: ({ security }) => !security.data_may_leave,
    choose: "B",
    because: "data may not leave the company network, so everything that reads it stands inside",
  },
  {
    when: ({ place }) => place.infrastructure === "private-region",
    choose: "B",
    because: "the cloud's region is the company's own, so nothing has to leave it",
  },
  { when: () => true, choose: "A", because: "data may leave the company network" },
];

/** First that holds decides the topology. */
const TOPOLOGY: readonly Rule<Pick<Choice, "topology" | "template">>[] = [
  {
    when: ({ place }) => place.infrastructure === "one-machine",
    choose: { topology: "local", template: "local" },
    because: "one Linux machine is what there is",
  },
  {
    when: ({ place }) => place.infrastructure === "dgx",
    choose: { topology: "dgx", template: "acme-dgx" },
    because: "the company has GPUs of its own, and the models run on them",
  },
  {
    when: ({ place }) => place.infrastructure === "private-region",
    choose: { topology: "alibaba", template: "acme-alibaba-b" },
    because: "of the clouds, only Alibaba's dedicated region can hold architecture B",
  },
  {
    when: (answers) => cloudOf(answers) === "tencent",
    choose: { topology: "tencent", template: "acme-tencent" },
    because: "Tencent Cloud is asked for, and its models are in mainland China",
  },
  {
    when: (answers) => cloudOf(answers) === "alibaba",
    choose: { topology: "alibaba", template: "acme-alibaba" },
    because: "in mainland China Alibaba Cloud has the region and the models in one place",
  },
  {
    when: ({ place }) => place.country === "cn",
    choose: { topology: "aws", template: "acme-aws-cn" },
    because: "AWS is asked for in China, which is an account system of its own",
  },
  {
    when: () => true,
    choose: { topology: "aws", template: "acme-aws" },
    because: "outside of China AWS has a region in the country, with isolation by gVisor and a standby in another zone",
  },
];

/** What else the answers decide, each with its reason. */
const FURTHER: readonly { readonly when: (answers: Answers) => boolean; readonly because: string }[] = [
  {
    when: ({ scale }) => scale.departments.length > 1,
    because: "each department is a tenant: one agent for all of them would show each the others' data",
  },
  {
    when: ({ scale }) => scale.departments.length === 1,
    because: "one department is one tenant; more can be added without moving it",
  },
  {
    when: ({ scale }) => scale.monthly_model_usd > 0,
    because: "the month's budget is divided among the departments, and an alert comes at four fifths of it",
  },
  { when: ({ place }) => place.country === "cn", because: "in China every model provider is in the mainland" },
  {
    when: ({ place }) => place.state_owned && place.country === "cn",
    because: "the company is state-owned: a foreign model in the file is refused, wherever it is named",
  },
  {
    when: ({ place }) => place.state_owned && place.country === "cn" && place.infrastructure === "dgx",
    because:
      "the shipped DGX environment serves models of a maker abroad: those of the shipped private region are in their place",
  },
  {
    when: ({ security }) => security.standards.includes("pipa"),
    because: "access records are kept for two years, the longer of the terms of Korea's safety measures",
  },
  {
    when: ({ security }) => security.full_audit,
    because: "every request, model call, tool call and administrative act is audited; sandboxes are told to log too",
  },
  { when: () => true, because: "the front door has no address of the internet until somebody asks for one" },
];

/** A choice and why. */
export interface Decision extends Choice {
  readonly reasons: readonly string[];
}

/** What the answers lead to. Pure. */
export function decide(answers: Answers): Decision {
  const architecture = first(ARCHITECTURE, answers);
  const topology = first(TOPOLOGY, answers);
  return {
    architecture: architecture.choose,
    ...topology.choose,
    reasons: [
      `architecture ${architecture.choose}: ${architecture.because}`,
      `topology ${topology.choose.topology}: ${topology.because}`,
      ...FURTHER.filter(({ when }) => when(answers)).map(({ because }) => because),
    ],
  };
}

function first<T>(rules: readonly Rule<T>[], answers: Answers): Rule<T> {
  const found = rules.find(({ when }) => when(answers));
  if (found === undefined) throw new Error("the last rule holds always");
  return found;
}
