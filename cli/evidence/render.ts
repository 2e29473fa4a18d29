import type { EvidenceReport } from "./verify.ts";

/** What verifying found, for a person. */
export function renderVerification({ intact, problems, environment, created, key, keyKnown }: EvidenceReport): string {
  const whose = keyKnown
    ? "the key that is known here for the environment"
    : "the bundle's own key; compare it with what its owner says, or give --public-key";
  return [
    ...problems.map(({ file, problem }) => `${file}: ${problem}`),
    ...(problems.length === 0 ? [] : [""]),
    intact ? "Intact: every file is as it was signed." : "NOT as it was signed.",
    ...(environment === undefined ? [] : [`environment ${environment}, made ${created} by its maker's clock`]),
    ...(key === undefined ? [] : [`verified with ${key}: ${whose}`]),
  ].join("\n");
}
