import { renderResource } from "./render.ts";
import { readResources } from "./schema.ts";

/**
 * The classes of `components/tencent/sdk`: file name -> content. There is no npm package for Tencent Cloud; the engine
 * bridges the Terraform provider at run time, and these classes name its types.
 *
 * @param resources parsed `resources.json`.
 * @throws ProblemError `tencent-sdk/malformed`
 */
export function generateSdk(resources: Parameters<typeof readResources>[0]): ReadonlyMap<string, string> {
  const files = readResources(resources).map(
    (schema) => [`${schema.name.replaceAll("_", "-")}.ts`, renderResource(schema)] as const,
  );
  return new Map(files);
}
