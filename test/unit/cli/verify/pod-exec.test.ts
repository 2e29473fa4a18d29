import type { Writable } from "node:stream";
import { KubeConfig, type V1Pod, type V1Status } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { type Executor, execInPod } from "../../../../cli/verify/pod-exec.ts";

const POD: V1Pod = { metadata: { name: "sandbox-1", namespace: "tenant-a" } };

/** What the API server says of gVisor's refusal (seen 2026-12-01). */
const NOT_STARTED: V1Status = {
  status: "Failure",
  message: 'Internal error occurred: failed to exec in container: failed to start exec "90f3": OCI runtime exec failed',
};
const EXITED_2: V1Status = {
  status: "Failure",
  message: "command terminated with non-zero exit code",
  details: { causes: [{ reason: "ExitCode", message: "2" }] },
};

describe("a command in a pod", () => {
  test("that the runtime could not start is started again, and answers with what the last start printed", async () => {
    const { executor, starts } = answering(
      ["lost", NOT_STARTED],
      ["lost", NOT_STARTED],
      ["kept", { status: "Success" }],
    );
    expect(await run(executor)).toEqual({ stdout: "kept", stderr: "", exitCode: 0 });
    expect(starts()).toBe(3);
  });

  test("that never starts fails with the runtime's own words", async () => {
    const { executor, starts } = answering(...Array.from({ length: 9 }, () => ["", NOT_STARTED] as const));
    await expect(run(executor)).rejects.toThrow(
      "exec in sandbox-1: Internal error occurred: failed to exec in container",
    );
    expect(starts()).toBe(3);
  });

  test("that ends with a status of its own runs once", async () => {
    const { executor, starts } = answering(["", EXITED_2]);
    expect(await run(executor)).toMatchObject({ exitCode: 2 });
    expect(starts()).toBe(1);
  });

  test("of which the API server tells any other failure runs once", async () => {
    const { executor, starts } = answering(["", { status: "Failure", message: "container not found" }]);
    await expect(run(executor)).rejects.toThrow("exec in sandbox-1: container not found");
    expect(starts()).toBe(1);
  });

  test("that cannot be sent fails at once", async () => {
    const executor = { exec: () => Promise.reject(new Error("403")) } as unknown as Executor;
    await expect(run(executor)).rejects.toThrow("403");
  });
});

function run(executor: Executor) {
  return execInPod(new KubeConfig(), POD, "sshd", ["true"], executor);
}

/** A stand-in for the API server's exec: prints and ends as told, one start after the other. */
function answering(...ends: readonly (readonly [string, V1Status])[]): { executor: Executor; starts: () => number } {
  let starts = 0;
  const exec = async (...[, , , , stdout, , , , ended]: Parameters<Executor["exec"]>): Promise<never> => {
    const [printed, status] = ends[starts++] ?? ["", { status: "Failure", message: "no end left" }];
    (stdout as Writable).write(printed);
    ended?.(status);
    return undefined as never;
  };
  return { executor: { exec }, starts: () => starts };
}
