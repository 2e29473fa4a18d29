import type { Settings } from "@breakwater/runtime/settings";
import { SANDBOX_SSH_PORT, serviceHost, tenantNamespace } from "../components/names.ts";

/** What the sandbox's own processes need beside its files, in MiB. */
export const SANDBOX_PROCESS_MIB = 512;

/** Where a tenant's cell dials its sandbox. */
export function sandboxAddress(tenantId: string): { host: string; port: number } {
  return { host: serviceHost("sandbox", tenantNamespace(tenantId)), port: SANDBOX_SSH_PORT };
}

/** How large a sandbox is. Its files are memory, so that they share the memory limit with its processes. */
export function sandboxSize({ openshell }: Settings): {
  readonly memoryMiB: number;
  readonly workspaceMiB: number;
  readonly cpuSecondsMax: number | undefined;
  readonly wallSecondsMax: number;
} {
  const memoryMiB = openshell.execution.max_memory_mb;
  return {
    memoryMiB,
    workspaceMiB: Math.min(wantedWorkspaceMiB(openshell), memoryMiB - SANDBOX_PROCESS_MIB),
    cpuSecondsMax: openshell.execution.max_cpu_seconds,
    wallSecondsMax: openshell.execution.max_wall_seconds,
  };
}

/** The files that the settings ask for, in MiB. */
export function wantedWorkspaceMiB({ filesystem }: Settings["openshell"]): number {
  return filesystem.max_size_gb * 1024;
}
