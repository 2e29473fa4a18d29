import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { ERRORS } from "../../../../runtime/front-door/errors.ts";
import { openApiDocument } from "../../../../runtime/front-door/openapi/document.ts";
import { OPERATIONS } from "../../../../runtime/front-door/openapi/operations.ts";
import { PERMISSIONS } from "../../../../runtime/identity/index.ts";
import { type FrontDoor, openFrontDoor } from "./fixture.ts";

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
  await door.app.ready();
});
afterAll(() => door.close());

const docs = (name: string) => readFileSync(join(import.meta.dirname, "../../../../docs", name), "utf8");
const names = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);

describe("the OpenAPI document", () => {
  test("names every route that is registered, and no other", () => {
    const registered = routesIn(door.app.printRoutes({ commonPrefix: false }));
    const documented = names.map((name) =>
      name.replace("/v1/models/{model}", "/v1/models/*").replace(/\{(\w+)\}/g, ":$1"),
    );
    expect(documented.sort()).toEqual(registered.sort());
  });

  test("says of every operation what it needs and every error by its status", () => {
    const { paths } = openApiDocument() as {
      paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>;
    };
    for (const { path, method, permission, errors } of OPERATIONS) {
      if (permission !== null) expect(PERMISSIONS).toContain(permission);
      for (const code of errors) {
        const { status } = ERRORS[code as keyof typeof ERRORS];
        expect(paths[path]?.[method]?.responses[status]?.description).toContain(`\`${code}\``);
      }
    }
  });

  test("refers to nothing that it does not hold, and names each operation once", () => {
    const document = openApiDocument();
    const schemas = Object.keys((document as { components: { schemas: object } }).components.schemas);
    const referred = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(schemas).toEqual(expect.arrayContaining(referred));
    const ids = OPERATIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("has the schemas that the routes check with", () => {
    const { paths } = openApiDocument() as {
      paths: Record<string, Record<string, { requestBody: { content: Record<string, { schema: object }> } }>>;
    };
    for (const { path, method, body } of OPERATIONS) {
      if (body === undefined) continue;
      const schema = paths[path]?.[method]?.requestBody.content["application/json"]?.schema ?? {};
      const resolved = "$ref" in schema ? schemaOf(String(schema.$ref)) : schema;
      const { properties } = z.toJSONSchema(body.schema, { io: "input" });
      expect(Object.keys((resolved as { properties: object }).properties)).toEqual(Object.keys(properties ?? {}));
    }
  });

  test("is served to everybody as it is in the documentation", async () => {
    const reply = await door.app.inject({ url: "/api/openapi.json" });
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toEqual(JSON.parse(docs("openapi.json")));
  });
});

test("the page about the API names every route, permission and error code", () => {
  const page = docs("api.md");
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  expect(PERMISSIONS.filter((permission) => !page.includes(`\`${permission}\``))).toEqual([]);
  expect(Object.keys(ERRORS).filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});

function schemaOf(ref: string): unknown {
  const name = ref.split("/").at(-1) ?? "";
  return (openApiDocument() as { components: { schemas: Record<string, unknown> } }).components.schemas[name];
}

/** The routes in Fastify's tree, in which each line is what its parents' paths go on with. */
function routesIn(tree: string): string[] {
  const parents: string[] = [];
  return tree.split("\n").flatMap((line) => {
    const [, indent = "", part = "", methods = ""] = /^([│├└─\s]*)(\S+)(?: \(([A-Z, ]+)\))?/.exec(line) ?? [];
    if (part === "") return [];
    const depth = indent.length / 4 - 1;
    const path = ((parents[depth - 1] ?? "") + part).replace(/(?<!\/)\*$/, "/*");
    parents[depth] = path;
    return methods === "" ? [] : methods.split(", ").map((method) => `${method} ${path}`);
  });
}
