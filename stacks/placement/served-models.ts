import { type PlacementProblem, problemAt } from "./codes.ts";
import { type Check, OUR_RULE, type Place } from "./place.ts";

/** Topologies on which NVIDIA's operator for NIM is installed (components/dgx/operators.ts). */
const WITH_NIM_OPERATOR: readonly string[] = ["dgx"];

/** Served models have GPUs at all, every one of them fits into its own, and NIM has the operator that runs it. */
export const servedModels: Check = (place) => [...onOneMachine(place), ...misfits(place), ...withoutOperator(place)];

function onOneMachine({ settings }: Place): readonly PlacementProblem[] {
  const { models } = settings.inference;
  if (settings.deployment.topology !== "local" || models.length === 0) return [];
  return [
    problemAt("placement/gpu-kind", "inference.models", {
      got: `${models.length} on the local topology, whose node hands out no GPU`,
      expected: "none",
      remedy: "serve them beside Breakwater, and name the server in model_providers with kind vllm or nim",
      source: OUR_RULE,
    }),
  ];
}

function misfits({ gpuMisfits }: Place): readonly PlacementProblem[] {
  return gpuMisfits.map(({ index, field, ...what }) =>
    problemAt("placement/gpu-fit", `inference.models[${index}].${field}`, what),
  );
}

function withoutOperator({ settings }: Place): readonly PlacementProblem[] {
  const { topology } = settings.deployment;
  if (WITH_NIM_OPERATOR.includes(topology)) return [];
  return settings.inference.models.flatMap(({ engine }, index) =>
    engine === "nim"
      ? [
          problemAt("placement/nim-operator", `inference.models[${index}].engine`, {
            got: `nim on topology ${topology}`,
            expected: `vllm: the NIM operator is installed on ${WITH_NIM_OPERATOR.join(", ")} alone`,
            remedy: "write vllm with its image, or choose that topology",
            source: OUR_RULE,
          }),
        ]
      : [],
  );
}
