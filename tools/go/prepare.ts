import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { refuse } from "@breakwater/runtime/problems";
import type { Toolchain } from "./toolchain.ts";

/** A change to a copy of a module before it is built. */
export interface Preparation {
  /** Part of the cache key: another text means another binary. */
  readonly id: string;
  /** Whether this machine needs it; without it the module is built in place. */
  readonly needed: () => boolean;
  /** Changes the copy in `folder` and answers the extra build flags. */
  readonly run: (folder: string, go: Toolchain) => Promise<readonly string[]>;
}

/** Version that the provider reports; `@pulumi/kubernetes` of the same version asks for it. */
const providerVersion = "4.25.0";
const providerModule = "github.com/pulumi/pulumi-kubernetes/provider/v4";

/** What the provider's own `generate.go` does: the schema with its version, and the mapping, beside main.go. */
export const providerSchema: Preparation = {
  id: "schema-1",
  needed: () => true,
  run: async (folder, go) => {
    await go.run(["mod", "download", providerModule], folder);
    const source = (await go.run(["list", "-m", "-f", "{{.Dir}}", providerModule], folder)).trim();
    const read = async (name: string): Promise<Record<string, unknown>> =>
      JSON.parse(await readFile(join(source, "cmd", "pulumi-resource-kubernetes", name), "utf8"));
    const schema = { ...(await read("schema.json")), version: providerVersion };
    await writeFile(join(folder, "schema-embed.json"), JSON.stringify(schema));
    await writeFile(join(folder, "terraform-mapping-embed.json"), JSON.stringify(await read("terraform-mapping.json")));
    return [];
  },
};

const capSysResource = 24n;

/** Whether the effective capabilities in a `/proc/<pid>/status` text contain CAP_SYS_RESOURCE. */
export function hasSysResource(status: string): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> capSysResource) & 1n) === 1n;
}

const shimManager = "vendor/gvisor.dev/gvisor/pkg/shim/v1/manager.go";
const oomRefusal = '\t\treturn shim.BootstrapParams{}, fmt.Errorf("failed to set OOM Score on shim: %w", err)\n';
const oomRemark = '\t\tlog.G(ctx).Debugf("failed to set OOM Score on shim: %v", err)\n';

/** The shim's source with its OOM refusal turned into a remark. @throws ProblemError `go/patch` unless it is there exactly once. */
export function withoutOomRefusal(source: string): string {
  const parts = source.split(oomRefusal);
  if (parts.length !== 2) {
    refuse({
      code: "go/patch",
      path: shimManager,
      got: `${parts.length - 1} places that refuse when the OOM score cannot be set`,
      expected: "exactly 1",
      remedy: "read the shim of the pinned gVisor version and correct the patch in tools/go/prepare.ts",
    });
  }
  return parts.join(oomRemark);
}

/**
 * Without CAP_SYS_RESOURCE nobody may lower an OOM score, and gVisor's shim gives up over it; there it goes on. It must
 * not warn either: containerd reads what a starting shim prints, errors included, as its address (seen 2026-11-23).
 */
export const gvisorWithoutOomRefusal: Preparation = {
  id: "oom-refusal-2",
  needed: () => process.platform === "linux" && !hasSysResource(readFileSync("/proc/self/status", "utf8")),
  run: async (folder, go) => {
    await go.run(["mod", "vendor"], folder);
    const file = join(folder, shimManager);
    await writeFile(file, withoutOomRefusal(await readFile(file, "utf8")));
    return ["-mod=vendor"];
  },
};
