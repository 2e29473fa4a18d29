import type { Control, Finding } from "../control.ts";
import { eachContext } from "../placed.ts";
import { containersOf, type Pod } from "../pod.ts";
import { badSeccompProfile } from "../seccomp.ts";

const POD_ANNOTATION = "seccomp.security.alpha.kubernetes.io/pod";
const CONTAINER_ANNOTATION = "container.seccomp.security.alpha.kubernetes.io/";

/** Until the field came, a profile was an annotation: of the pod, and of the containers that it has. */
function* inAnnotations(pod: Pod): Iterable<Finding> {
  const places = [
    { place: "pod", key: POD_ANNOTATION },
    ...containersOf(pod).map(({ place, container }) => ({ place, key: `${CONTAINER_ANNOTATION}${container.name}` })),
  ];
  for (const { place, key } of places) {
    const value = pod.metadata.annotations[key];
    if (value === undefined || isAllowed(value)) continue;
    yield { place, problem: `annotation ${key} is ${JSON.stringify(value)}` };
  }
}

function isAllowed(value: string): boolean {
  return value === "runtime/default" || value === "docker/default" || value.startsWith("localhost/");
}

/** Without seccomp a container may make every system call, those too that nobody but an attacker needs. */
export const seccompProfileBaseline: Control = {
  id: "seccompProfile_baseline",
  level: "baseline",
  asks: "Seccomp must not be switched off.",
  fix: "remove it, or use RuntimeDefault or Localhost",
  revisions: [
    { since: 0, judge: inAnnotations },
    { since: 19, judge: eachContext(badSeccompProfile) },
  ],
};
