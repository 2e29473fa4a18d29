import type { Control, Revision } from "../control.ts";
import { eachContext } from "../placed.ts";

const TYPES_SINCE_0 = ["", "container_t", "container_init_t", "container_kvm_t"];
const TYPES_SINCE_31 = [...TYPES_SINCE_0, "container_engine_t"];

const only = (types: readonly string[]): Revision["judge"] =>
  eachContext(({ seLinuxOptions }) => {
    if (seLinuxOptions === undefined) return undefined;
    const { type, user, role } = seLinuxOptions;
    const problems = [
      ...(types.includes(type) ? [] : [`type is ${JSON.stringify(type)}`]),
      ...(user === "" ? [] : [`user is ${JSON.stringify(user)}`]),
      ...(role === "" ? [] : [`role is ${JSON.stringify(role)}`]),
    ];
    return problems.length === 0 ? undefined : `securityContext.seLinuxOptions: ${problems.join(", ")}`;
  });

/** Another SELinux type, user or role takes the container out of the confinement that containers are put into. */
export const seLinuxOptions: Control = {
  id: "seLinuxOptions",
  level: "baseline",
  asks: "SELinux must confine containers as containers.",
  fix: "remove user and role, and use container_t, container_init_t, container_kvm_t or, from v1.31 on, container_engine_t",
  revisions: [
    { since: 0, judge: only(TYPES_SINCE_0) },
    { since: 31, judge: only(TYPES_SINCE_31) },
  ],
};
