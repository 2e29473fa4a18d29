/** The Kubernetes Pod Security Standards, v1.0 to v1.37, judged on plain objects. */
export { type Control, LEVELS, type Level } from "./control.ts";
export { judgePod, type Standard, type Violation } from "./judge.ts";
export { bearsPod, groupOf, type KubernetesObject, rawPodOf } from "./kinds.ts";
export { type Pod, readPod } from "./pod.ts";
export { minorOf, NEWEST_MINOR } from "./versions.ts";
