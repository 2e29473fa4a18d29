import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openApiDocument } from "@breakwater/runtime/openapi";
import { settingsJsonSchema } from "@breakwater/runtime/settings";
import { withCoverage } from "../../cli/compliance/matrix.ts";
import { projectRoot } from "../paths.ts";
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

/** Every generated file of docs/ as it should be now. */
export function generatedPages(): readonly Page[] {
  const schema = settingsJsonSchema();
  return [
    { file: join(projectRoot, "docs", "settings.schema.json"), text: `${JSON.stringify(schema, null, 2)}\n` },
    { file: join(projectRoot, "docs", "openapi.json"), text: `${JSON.stringify(openApiDocument(), null, 2)}\n` },
    { file: join(projectRoot, "docs", "settings.md"), text: renderSettingsPage(schema) },
    ...["docs/compliance.md", "README.md"].map(withMatrix),
  ];
}
