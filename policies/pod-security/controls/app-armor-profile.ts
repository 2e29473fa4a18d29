import type { Control, Finding } from "../control.ts";
import { eachContext } from "../placed.ts";
import type { Pod } from "../pod.ts";

const ANNOTATION_PREFIX = "container.apparmor.security.beta.kubernetes.io/";
const ALLOWED_TYPES = ["RuntimeDefault", "Localhost"];

const inFields = eachContext(({ appArmorProfile }) =>
  appArmorProfile === undefined || ALLOWED_TYPES.includes(appArmorProfile.type)
    ? undefined
    : `securityContext.appArmorProfile.type is ${JSON.stringify(appArmorProfile.type)}`,
);

/** Before v1.30 the profile was an annotation, and the API server still turns one into the field. */
function inAnnotations({ metadata: { annotations } }: Pod): readonly Finding[] {
  return Object.entries(annotations)
    .filter(([key, value]) => key.startsWith(ANNOTATION_PREFIX) && !isAllowed(value))
    .map(([key, value]) => ({ place: "pod", problem: `annotation ${key} is ${JSON.stringify(value)}` }));
}

function isAllowed(value: string): boolean {
  return value === "" || value === "runtime/default" || value.startsWith("localhost/");
}

/** Without its AppArmor profile a container reaches kernel files that it has no business with. */
export const appArmorProfile: Control = {
  id: "appArmorProfile",
  level: "baseline",
  asks: "AppArmor profiles must not be switched off.",
  fix: "remove it, or use RuntimeDefault or Localhost",
  revisions: [{ since: 0, judge: (pod) => [...inFields(pod), ...inAnnotations(pod)] }],
};
