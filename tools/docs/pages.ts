import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openApiDocument } from "@breakwater/runtime/openapi";
import { settingsJsonSchema } from "@breakwater/runtime/settings";
import { withCoverage } from "../../cli/compliance/matrix.ts";
import { environmentNames, readEnvironmentFile } from "../../cli/environment.ts";
import { projectRoot } from "../paths.ts";
import { withExceptions } from "./exceptions-table.ts";
import { renderSettingsPage } from "./settings-page.ts";

/** One generated file of docs/. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

/** A page whose coverage matrix is as it should be now; the rest of it is written by hand. */
function withMatrix(name: string): Page {
  const file = join(projectRoot, name);
  return { file, text: withCoverage(readFileSync(file, "utf8")) };
}

/** A page whose table of the shipped environments' exceptions is as it should be now. */
function withShippedExceptions(name: string): Page {
  const file = join(projectRoot, name);
  const environments = environmentNames().map((environment) => ({
    name: environment,
    exceptions: readEnvironmentFile(environment).settings.policies.exceptions,
  }));
  return { file, text: withExceptions(readFileSync(file, "utf8"), environments) };
}

/** Every generated file of docs/ as it should be now. */
export function generatedPages(): readonly Page[] {
  const schema = settingsJsonSchema();
  return [
    { file: join(projectRoot, "docs", "settings.schema.json"), text: `${JSON.stringify(schema, null, 2)}\n` },
    { file: join(projectRoot, "docs", "openapi.json"), text: `${JSON.stringify(openApiDocument(), null, 2)}\n` },
    { file: join(projectRoot, "docs", "settings.md"), text: renderSettingsPage(schema) },
    ...["docs/compliance.md", "README.md"].map(withMatrix),
    withShippedExceptions("docs/policies.md"),
  ];
}
