import { z } from "zod";
import { factsOf } from "./leaf.ts";
import { fileSchema } from "./schema.ts";

/** The contract as JSON Schema for editors and other languages; what enforces a setting is in `x-enforcer`. */
export function settingsJsonSchema(): unknown {
  const schema = z.toJSONSchema(fileSchema, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const about = factsOf(zodSchema);
      if (about === undefined) return;
      jsonSchema.description = about.says;
      jsonSchema["x-enforcer"] = about.enforcer;
      if (about.unit !== undefined) jsonSchema["x-unit"] = about.unit;
      if (about.source !== undefined) jsonSchema["x-source"] = about.source;
      if (about.secret === true) jsonSchema["x-secret"] = true;
    },
  });
  return { title: "Breakwater settings", description: "One settings file: any of the sections.", ...schema };
}
