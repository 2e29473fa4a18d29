import { bridgedName, camelCase, pascalCase } from "./names.ts";
import type { Field, FieldType, ResourceSchema } from "./schema.ts";

/** Width that the formatter breaks lines at. */
const WIDTH = 120;

const BANNER = "// Made by tools/tencent-sdk from resources.json: change that, not this.";

/** The class of one resource type, formatted as the formatter would. */
export function renderResource({ name, arguments: fields, outputs, secrets }: ResourceSchema): string {
  const className = pascalCase(name);
  const blocks = interfacesOf(className, fields, `Arguments of {@link ${className}}.`, "Args");
  const types = outputs.length > 0 ? "import type { Input, Output }" : "import type { Input }";
  return `${[
    BANNER,
    `${types} from "@pulumi/pulumi/output.js";`,
    'import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";',
    'import { tencentPackage } from "./package.ts";',
    "",
    ...blocks,
    `/** \`tencentcloud_${name}\` of the Terraform provider, with the arguments that the kit uses. */`,
    `export class ${className} extends CustomResource {`,
    ...outputs.map((field) => `  declare readonly ${propertyOf(field, outputs)}: Output<${outputType(field.type)}>;`),
    ...(outputs.length > 0 ? [""] : []),
    `  constructor(name: string, args: ${className}Args, opts?: CustomResourceOptions) {`,
    ...superCall(name, className, fields, outputs, secrets),
    "  }",
    "}",
  ].join("\n")}\n`;
}

/** Interfaces of a block and of the blocks in it, inner ones first. */
function interfacesOf(owner: string, fields: readonly Field[], doc: string, suffix = ""): readonly string[] {
  const inner = fields.flatMap(({ name, type }) =>
    type.kind === "scalar"
      ? []
      : interfacesOf(`${owner}${pascalCase(name)}`, type.fields, `Block \`${name}\` of {@link ${owner}${suffix}}.`),
  );
  return [
    ...inner,
    `/** ${doc} */`,
    `export interface ${owner}${suffix} {`,
    ...fields.map((field) => {
      const mark = field.required ? "" : "?";
      return `  readonly ${propertyOf(field, fields)}${mark}: Input<${inputType(owner, field)}>;`;
    }),
    "}",
    "",
  ];
}

function propertyOf({ name, type }: Field, siblings: readonly Field[]): string {
  return bridgedName(
    name,
    holdsSeveral(type),
    siblings.map((sibling) => sibling.name),
  );
}

function holdsSeveral(type: FieldType): boolean {
  return type.kind === "list" || (type.kind === "scalar" && type.scalar.endsWith("[]"));
}

function inputType(owner: string, { name, type }: Field): string {
  if (type.kind !== "scalar") {
    const block = `${owner}${pascalCase(name)}`;
    return type.kind === "one" ? block : `readonly Input<${block}>[]`;
  }
  if (type.scalar === "map") return "Readonly<Record<string, Input<string>>>";
  return type.scalar.endsWith("[]") ? `readonly Input<${type.scalar.slice(0, -2)}>[]` : type.scalar;
}

/** Outputs are plain values. */
function outputType(type: FieldType): string {
  return type.kind === "scalar" ? type.scalar : "object";
}

function superCall(
  name: string,
  className: string,
  fields: readonly Field[],
  outputs: readonly Field[],
  secrets: readonly string[],
): readonly string[] {
  const all = [...fields, ...outputs];
  const asked = ["...args", ...outputs.map((field) => `${propertyOf(field, outputs)}: undefined`)];
  const inputs = outputs.length > 0 ? "inputs" : "{ ...args }";
  const encrypted = all.filter((field) => secrets.includes(field.name)).map((field) => `"${propertyOf(field, all)}"`);
  const options = encrypted.length > 0 ? "{ ...secret, ...opts }" : "opts";
  const call = [`"tencentcloud:index/${camelCase(name)}:${className}"`, "name", inputs, options, "false"];
  return [
    ...(outputs.length > 0 ? statement("const inputs = ", "{ ", asked, " };") : []),
    ...(encrypted.length > 0 ? [`    const secret = { additionalSecretOutputs: [${encrypted.join(", ")}] };`] : []),
    ...statement("super", "(", [...call, "tencentPackage()"], ");"),
  ];
}

/** A statement in one line where it fits, else one item a line. */
function statement(start: string, open: string, items: readonly string[], close: string): readonly string[] {
  const line = `    ${start}${open}${items.join(", ")}${close}`;
  if (line.length <= WIDTH) return [line];
  return [`    ${start}${open.trim()}`, ...items.map((item) => `      ${item},`), `    ${close.trim()}`];
}
