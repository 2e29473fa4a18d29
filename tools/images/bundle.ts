import { join } from "node:path";
import { refuse } from "@breakwater/runtime/problems";
import { type BuildOptions, buildSync } from "esbuild";
import { projectRoot } from "../paths.ts";
import type { ServiceName } from "./image-name.ts";

/** `/app/main.cjs` of a service. @throws ProblemError `images/bundle` */
export function bundleService(name: ServiceName): Uint8Array {
  return bundle(`runtime/${name}/main.ts`, { format: "cjs" });
}

/** `index.mjs` of the plugin that every cell carries. @throws ProblemError `images/bundle` */
export function bundleGuard(): Uint8Array {
  return bundle("runtime/cell/plugins/cell-guard/index.ts", { format: "esm" });
}

/** The bytes depend on the sources that are really included and on nothing else: no time, no folder of this machine. */
function bundle(entry: string, options: Pick<BuildOptions, "format">): Uint8Array {
  try {
    const { outputFiles } = buildSync({
      ...options,
      entryPoints: [entry],
      absWorkingDir: projectRoot,
      nodePaths: [join(projectRoot, "node_modules")],
      bundle: true,
      platform: "node",
      target: "node24",
      // Loaded only where they are installed: an image has PostgreSQL to talk to, and no native binding.
      external: ["@electric-sql/pglite", "pg-native"],
      charset: "utf8",
      legalComments: "none",
      logLevel: "silent",
      write: false,
    });
    const [output] = outputFiles;
    if (output === undefined) throw new Error("esbuild wrote no file");
    return output.contents;
  } catch (cause) {
    return refuse(
      {
        code: "images/bundle",
        path: entry,
        got: cause instanceof Error ? cause.message.trim().replaceAll("\n", " | ") : String(cause),
        expected: "a TypeScript program that esbuild can bundle",
        remedy: "mend the source; `npx tsc -p .` shows the same place",
      },
      { cause },
    );
  }
}
