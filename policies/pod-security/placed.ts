import type { Finding, Revision } from "./control.ts";
import { type Container, containersOf, type Pod } from "./pod.ts";

/** Judges every container alike; `problem` says what is wrong with one, or nothing. */
export function eachContainer(problem: (container: Container) => string | undefined): Revision["judge"] {
  return (pod) =>
    containersOf(pod).flatMap(({ place, container }) => {
      const found = problem(container);
      return found === undefined ? [] : [{ place, problem: found }];
    });
}

/** Fields that the pod and each of its containers have alike, which containers may set for themselves. */
export type SharedContext = NonNullable<Pod["spec"]["securityContext"] | Container["securityContext"]>;

/** Judges what the pod sets and what each container sets, apart from one another. */
export function eachContext(problem: (context: SharedContext) => string | undefined): Revision["judge"] {
  return function* (pod): Iterable<Finding> {
    const places = [
      { place: "pod", context: pod.spec.securityContext },
      ...containersOf(pod).map(({ place, container }) => ({ place, context: container.securityContext })),
    ];
    for (const { place, context } of places) {
      const found = context === undefined ? undefined : problem(context);
      if (found !== undefined) yield { place, problem: found };
    }
  };
}

/**
 * Judges a field that every container needs, by itself or from the pod. What is set badly counts wherever it stands; what
 * is missing counts for the containers that the pod's own value does not cover.
 */
export function eachContainerOrPod(check: {
  readonly bad: (context: SharedContext) => string | undefined;
  readonly isSet: (context: SharedContext) => boolean;
  readonly missing: string;
}): Revision["judge"] {
  return function* (pod): Iterable<Finding> {
    yield* eachContext(check.bad)(pod);
    const ofPod = pod.spec.securityContext;
    if (ofPod !== undefined && check.isSet(ofPod)) return;
    for (const { place, container } of containersOf(pod)) {
      const own = container.securityContext;
      if (own === undefined || !check.isSet(own)) yield { place, problem: check.missing };
    }
  };
}

/** The same, save for pods that run on Windows, where the API does not take the field. */
export function exceptOnWindows(judge: Revision["judge"]): Revision["judge"] {
  return (pod) => (pod.spec.os?.name === "windows" ? [] : judge(pod));
}

/** The same, save for pods with users of their own: their root is nobody on the node. */
export function exceptOwnUsers(judge: Revision["judge"]): Revision["judge"] {
  return (pod) => (pod.spec.hostUsers === false ? [] : judge(pod));
}

/** `"a", "b"`: values as they are written, those of one list. */
export function quoted(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(", ");
}
