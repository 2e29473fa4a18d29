import type { Problem } from "@breakwater/runtime/problems";
import type { Answers } from "./answers.ts";
import { type AssessCode, assessProblem } from "./codes.ts";
import { SINGLE_SERVER } from "./recovery.ts";
import { CLOUD_COUNTRIES, cloudOf } from "./regions.ts";

interface Contradiction {
  readonly code: AssessCode;
  readonly path: string;
  readonly when: (answers: Answers) => boolean;
  readonly got: (answers: Answers) => string;
  readonly expected: string;
  readonly remedy: string;
}

const oneMachine = ({ place }: Answers) => place.infrastructure === "one-machine";
const inChina = ({ place }: Answers) => place.country === "cn";
const pays = ({ security }: Answers) => security.models === "any" || security.models === "domestic";

/** Answers of which not both can be true. One row a reason; all rows are tried. */
const CONTRADICTIONS: readonly Contradiction[] = [
  {
    code: "assess/data-may-not-leave",
    path: "security.models",
    when: (answers) => !answers.security.data_may_leave && pays(answers),
    got: ({ security }) => `${security.models}, while data may not leave`,
    expected: "own, because a provider's model reads what it answers",
    remedy: "choose own, or say that data may leave",
  },
  {
    code: "assess/cloud-may-not-hold",
    path: "place.infrastructure",
    when: ({ place, security }) => place.infrastructure === "cloud" && !security.data_may_leave,
    got: () => "a public cloud, while data may not leave",
    expected: "dgx, or private-region in China",
    remedy: "choose the company's own machines, or say that data may leave",
  },
  {
    code: "assess/state-owned",
    path: "place.state_owned",
    when: (answers) => answers.place.state_owned && inChina(answers) && answers.security.models === "any",
    got: () => "a state-owned company in China that wants foreign models",
    expected: "domestic or own models",
    remedy: "set security.models to domestic or own",
  },
  {
    code: "assess/leaves-china",
    path: "security.models",
    when: (answers) => inChina(answers) && answers.security.models === "any",
    got: () => "models of any provider, in China",
    expected: "domestic or own, because a foreign model is a cross-border transfer",
    remedy: "choose domestic or own",
  },
  {
    code: "assess/no-domestic-models",
    path: "security.models",
    when: (answers) => !inChina(answers) && answers.security.models === "domestic",
    got: ({ place }) => `domestic, in ${place.country}`,
    expected: "any or own: providers at home are known for China only",
    remedy: "choose any or own",
  },
  {
    code: "assess/own-models-without-gpus",
    path: "security.models",
    when: ({ place, security }) =>
      security.models === "own" && (place.infrastructure === "cloud" || place.infrastructure === "one-machine"),
    got: ({ place }) => `own models on ${place.infrastructure}`,
    expected: "place.infrastructure dgx or private-region, which have GPUs of one's own",
    remedy: "choose the GPUs, or models of a provider",
  },
  {
    code: "assess/gpus-without-models",
    path: "security.models",
    when: ({ place, security }) =>
      security.models !== "own" && (place.infrastructure === "dgx" || place.infrastructure === "private-region"),
    got: ({ place, security }) => `${security.models} on ${place.infrastructure}`,
    expected: "own: the GPUs are what that place is for",
    remedy: "choose own; a provider beside it can be added to the environment file under architecture A",
  },
  {
    code: "assess/stand-in",
    path: "security.models",
    when: ({ place, security }) => security.models === "stand-in" && place.infrastructure === "cloud",
    got: () => "the echo model on a cloud",
    expected: "models that answer; the stand-in is for one-machine",
    remedy: "choose any or domestic, or place.infrastructure one-machine",
  },
  {
    code: "assess/mlps-outside-china",
    path: "security.standards",
    when: (answers) => answers.security.standards.includes("mlps3") && !inChina(answers),
    got: ({ place }) => `mlps3 in ${place.country}`,
    expected: "mlps3 in China only, because it classifies systems there",
    remedy: "remove mlps3, or set place.country to cn",
  },
  {
    code: "assess/no-region",
    path: "place.country",
    when: ({ place }) =>
      (place.infrastructure === "cloud" && !CLOUD_COUNTRIES.includes(place.country)) ||
      (place.infrastructure === "private-region" && place.country !== "cn"),
    got: ({ place }) => `${place.country} with ${place.infrastructure}`,
    expected: `for cloud ${CLOUD_COUNTRIES.join(", ")}; for private-region cn`,
    remedy: "choose one of these, or infrastructure of the company's own",
  },
  {
    code: "assess/cloud-outside-china",
    path: "place.cloud",
    when: (answers) => answers.place.infrastructure === "cloud" && !inChina(answers) && cloudOf(answers) !== "aws",
    got: ({ place }) => `${place.cloud} in ${place.country}`,
    expected: "any or aws outside of China: an environment of the others ships for the mainland only",
    remedy: "choose any or aws, or set place.country to cn",
  },
  {
    code: "assess/cloud-not-asked",
    path: "place.cloud",
    when: ({ place }) =>
      place.infrastructure !== "cloud" &&
      place.cloud !== "any" &&
      !(place.infrastructure === "private-region" && place.cloud === "alibaba"),
    got: ({ place }) => `${place.cloud} with ${place.infrastructure}`,
    expected: "any, or alibaba for a private region",
    remedy: "set place.infrastructure to cloud, or place.cloud to any",
  },
  {
    code: "assess/departments-without-isolation",
    path: "scale.tenant_isolation",
    when: ({ scale }) => !scale.tenant_isolation && scale.departments.length > 1,
    got: ({ scale }) => `no isolation between ${scale.departments.length} departments`,
    expected: "isolation: departments on one agent read each other's data",
    remedy: "answer true, or name one department",
  },
  {
    code: "assess/fewer-agents-than-departments",
    path: "scale.agents",
    when: ({ scale }) => scale.agents < scale.departments.length,
    got: ({ scale }) => `${scale.agents} agents for ${scale.departments.length} departments`,
    expected: "an agent for each department at least",
    remedy: "raise the number of agents",
  },
  {
    code: "assess/too-few-agents",
    path: "functions.agents_work_together",
    when: ({ scale, functions }) => functions.agents_work_together && scale.agents < 2 * scale.departments.length,
    got: ({ scale }) => `${scale.agents} agents in ${scale.departments.length} departments`,
    expected: "two agents in each department at least, where agents work together",
    remedy: "raise scale.agents, or answer false",
  },
  {
    code: "assess/no-budget",
    path: "scale.monthly_model_usd",
    when: (answers) => pays(answers) && answers.scale.monthly_model_usd < answers.scale.departments.length,
    got: ({ scale }) => `${scale.monthly_model_usd} USD for ${scale.departments.length} departments`,
    expected: "1 USD for each department at least: a budget of 0 allows no request",
    remedy: "say what the models may cost in a month",
  },
  {
    code: "assess/system-outside",
    path: "functions.internal_systems",
    when: ({ place, security, functions }) =>
      !security.data_may_leave && functions.internal_systems.some((host) => !host.endsWith(`.${place.domain}`)),
    got: ({ functions }) => functions.internal_systems.join(", "),
    expected: "names below place.domain, while data may not leave",
    remedy: "name systems of the company network only",
  },
  {
    code: "assess/one-machine-too-small",
    path: "place.infrastructure",
    when: (answers) =>
      oneMachine(answers) &&
      (answers.scale.people > SINGLE_SERVER.people || answers.scale.departments.length > SINGLE_SERVER.departments),
    got: ({ scale }) => `one machine for ${scale.people} people in ${scale.departments.length} departments`,
    expected: `at most ${SINGLE_SERVER.people} people in ${SINGLE_SERVER.departments} departments (${SINGLE_SERVER.source})`,
    remedy: "choose cloud or dgx",
  },
  {
    code: "assess/rto-single-server",
    path: "operations.rto_minutes",
    when: (answers) => oneMachine(answers) && answers.operations.rto_minutes < SINGLE_SERVER.rtoMinutes,
    got: ({ operations }) => `${operations.rto_minutes} minutes on one machine`,
    expected: `${SINGLE_SERVER.rtoMinutes} minutes or more (${SINGLE_SERVER.source})`,
    remedy: "accept a longer time, or choose cloud or dgx",
  },
  {
    code: "assess/uptime-single-server",
    path: "operations.uptime_percent",
    when: (answers) => oneMachine(answers) && answers.operations.uptime_percent > SINGLE_SERVER.uptimePercent,
    got: ({ operations }) => `${operations.uptime_percent} % on one machine`,
    expected: `at most ${SINGLE_SERVER.uptimePercent} % (${SINGLE_SERVER.source})`,
    remedy: "accept less, or choose cloud or dgx",
  },
];

/** Every pair of answers that does not go together. Pure. */
export function contradictions(answers: Answers): readonly Problem[] {
  return CONTRADICTIONS.filter(({ when }) => when(answers)).map(({ code, path, got, expected, remedy }) =>
    assessProblem(code, path, { got: got(answers), expected, remedy }),
  );
}
