/**
 * gVisor serves an emptyDir through a shared 9p mount that refuses `renameat2(RENAME_NOREPLACE)` and does not stop a
 * writer at the size limit; as its own tmpfs it does both (seen 2026-11-23, release 20260905).
 */
export function gvisorScratchVolume(volume: string, sizeMiB: number): Record<string, string> {
  const prefix = `dev.gvisor.spec.mount.${volume}`;
  return {
    [`${prefix}.share`]: "container",
    [`${prefix}.type`]: "tmpfs",
    [`${prefix}.options`]: `rw,rprivate,size=${sizeMiB}m`,
  };
}
