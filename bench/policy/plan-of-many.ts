import { parseSettings } from "@breakwater/runtime/settings";
import { readEnvironmentFile } from "../../cli/environment.ts";
import { recordProgram } from "../../cli/plan/recorder.ts";
import { factsOf } from "../../stacks/facts.ts";
import { jurisdictionOf } from "../../stacks/jurisdiction.ts";

/**
 * Prints, as JSON, what rules judge of an environment: as it is written or, with a number, with so many tenants. It is a
 * process of its own, because the program is a module that runs once.
 */
const [environment = "", tenants] = process.argv.slice(2);
const written = readEnvironmentFile(environment);
const sections = tenants === undefined ? written.sections : withTenants(Number(tenants));
const { settings } = parseSettings(sections);
const resources = await recordProgram(environment, sections);
const facts = factsOf(environment, settings, await jurisdictionOf(settings));
process.stdout.write(JSON.stringify({ facts, settings, resources }));

/** The written tenants in turn, each under a name of its own. */
function withTenants(count: number): Readonly<Record<string, unknown>> {
  const section = written.sections["multi_tenant"] as { readonly tenants: readonly object[] };
  const many = Array.from({ length: count }, (_, number) => ({
    ...section.tenants[number % section.tenants.length],
    id: `tenant-${number}`,
  }));
  return { ...written.sections, multi_tenant: { ...section, tenants: many } };
}
