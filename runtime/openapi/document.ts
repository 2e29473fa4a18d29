import { z } from "zod";

/** One route, as its readers must know it. Schemas are those that the route itself uses. */
export interface Operation {
  readonly id: string;
  readonly method: "get" | "post" | "patch" | "delete";
  /** With `{name}` for what varies. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** What the caller's role must allow; null: open to everybody. */
  readonly permission: string | null;
  /** What the varying parts of the path are. */
  readonly params?: Readonly<Record<string, string>>;
  /** Headers that the route reads, by name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: z.ZodObject;
  readonly body?: { readonly schema: z.ZodType; readonly required: boolean };
  /** What is answered when it worked, by status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes of the errors that this route can answer with. */
  readonly errors: readonly string[];
}

/** One kind of answer. */
export interface Answer {
  readonly description: string;
  /** By media type; undefined: a body without a schema of ours. */
  readonly content: Readonly<Record<string, z.ZodType | undefined>>;
}

/** A document's frame. */
export interface DocumentOptions {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** Schemas that are written once and referred to. */
  readonly schemas: Readonly<Record<string, z.ZodType>>;
  /** The body of every error. */
  readonly errorSchema: z.ZodType;
  /** Status and meaning of an error code. */
  readonly errors: Readonly<Record<string, { readonly status: number; readonly expected: string }>>;
}

type Json = Readonly<Record<string, unknown>>;

/** An OpenAPI 3.1 document of these operations (https://spec.openapis.org/oas/v3.1.1, read 2026-11-23). */
export function openApi(options: DocumentOptions, operations: readonly Operation[]): Json {
  const names = new Map(Object.entries(options.schemas).map(([name, schema]) => [schema, name]));
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    const path = paths[operation.path] ?? {};
    path[operation.method] = describe(operation, options, names);
    paths[operation.path] = path;
  }
  const schemas = Object.entries(options.schemas).map(([name, schema]) => [name, jsonSchema(schema, "output")]);
  return {
    openapi: "3.1.1",
    info: { title: options.title, version: options.version, description: options.description },
    tags: options.tags,
    security: [{ apiKey: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(schemas),
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          description: "An API key: `Authorization: Bearer bw_<id>_<secret>`.",
        },
      },
    },
  };
}

function describe(operation: Operation, options: DocumentOptions, names: ReadonlyMap<z.ZodType, string>): Json {
  const { id, tag, summary, description, permission, body, answers, errors } = operation;
  const needs = permission === null ? "Open to everybody." : `Needs the permission \`${permission}\`.`;
  const parameters = parametersOf(operation);
  const content = (types: Answer["content"], io: "input" | "output") =>
    Object.fromEntries(
      Object.entries(types).map(([type, schema]) => [
        type,
        schema === undefined ? {} : { schema: refOrSchema(schema, io, names) },
      ]),
    );
  const good = Object.entries(answers).map(([status, answer]) => [
    status,
    { description: answer.description, content: content(answer.content, "output") },
  ]);
  const bad = byStatus(errors, options.errors).map(([status, codes]) => [
    status,
    {
      description: codes.map((code) => `\`${code}\`: expected ${options.errors[code]?.expected}`).join("; "),
      content: content({ "application/json": options.errorSchema }, "output"),
    },
  ]);
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: description === undefined ? needs : `${description}\n\n${needs}`,
    ...(permission === null ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: body.required, content: content({ "application/json": body.schema }, "input") } }),
    responses: Object.fromEntries([...good, ...bad]),
  };
}

function parametersOf({ params, headers, query }: Operation): readonly Json[] {
  const text = { type: "string" };
  const inPath = Object.entries(params ?? {}).map(([name, description]) => ({
    ...{ name, in: "path", required: true, description, schema: text },
  }));
  const inHeaders = Object.entries(headers ?? {}).map(([name, description]) => ({
    ...{ name, in: "header", required: false, description, schema: text },
  }));
  if (query === undefined) return [...inPath, ...inHeaders];
  const { properties = {}, required = [] } = jsonSchema(query, "input") as {
    properties?: Record<string, { description?: string }>;
    required?: string[];
  };
  const inQuery = Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: "query", required: required.includes(name) },
    ...(description === undefined ? {} : { description }),
    schema,
  }));
  return [...inPath, ...inQuery, ...inHeaders];
}

function byStatus(
  codes: readonly string[],
  table: DocumentOptions["errors"],
): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<number, string[]>();
  for (const code of codes) {
    const status = table[code]?.status;
    if (status === undefined) throw new Error(`no such error: ${code}`);
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([status, group]) => [String(status), group]);
}

function refOrSchema(schema: z.ZodType, io: "input" | "output", names: ReadonlyMap<z.ZodType, string>): Json {
  const name = names.get(schema);
  return name === undefined ? jsonSchema(schema, io) : { $ref: `#/components/schemas/${name}` };
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema: json }) => {
      // A named format says it; zod's pattern of an instant is 300 characters.
      if (json.format === "date-time" || json.format === "date") delete json.pattern;
    },
  });
  return rest;
}
