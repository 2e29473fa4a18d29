import { refuse } from "@breakwater/runtime/problems";

/**
 * One Dockerfile of an image and the base that it stands on, for a builder that has no base image: it begins with
 * `FROM scratch` and pulls nothing.
 *
 * @throws ProblemError `images/context` where one of the two begins otherwise.
 */
export function standingOnScratch(base: string, image: string): string {
  const first = once(base, "FROM scratch\n", "FROM scratch AS base\n", "runtime/base/Dockerfile");
  return `${first}\n${once(image, "ARG BASE\nFROM ${BASE}\n", "FROM base\n", "Dockerfile")}`;
}

function once(text: string, wanted: string, replacement: string, path: string): string {
  const parts = text.split(wanted);
  if (parts.length !== 2) {
    refuse({
      code: "images/context",
      path,
      got: `${parts.length - 1} times ${JSON.stringify(wanted)}`,
      expected: "once",
      remedy: "let the Dockerfile begin like the others",
    });
  }
  return parts.join(replacement);
}
