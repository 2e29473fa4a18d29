import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../../../tools/paths.ts";
import { generateSdk } from "../../../../tools/tencent-sdk/generate.ts";

const folder = join(projectRoot, "components", "tencent", "sdk");
const resources = JSON.parse(readFileSync(join(projectRoot, "tools", "tencent-sdk", "resources.json"), "utf8"));

/** Written by hand: what the generated ones stand on. */
const OWN = ["package.ts", "provider.ts"];

test("the classes in the tree are those that resources.json makes, and there are no others", () => {
  const made = generateSdk(resources);
  const there = readdirSync(folder).filter((file) => !OWN.includes(file));
  expect(there.sort()).toEqual([...made.keys()].sort());
  for (const [file, content] of made) expect(readFileSync(join(folder, file), "utf8"), file).toBe(content);
});

test("every class is used: nothing is kept that the platform does not build", () => {
  const parts = readdirSync(join(projectRoot, "components", "tencent")).filter((file) => file.endsWith(".ts"));
  const sources = parts
    .map((file) => readFileSync(join(projectRoot, "components", "tencent", file), "utf8"))
    .join("\n");
  const unused = [...generateSdk(resources).keys()].filter((file) => !sources.includes(`"./sdk/${file}"`));
  expect(unused).toEqual([]);
});

const made = (json: Parameters<typeof generateSdk>[0]) => [...generateSdk(json).values()].join("\n");

test("required arguments have to be given, optional ones need not be", () => {
  const text = made({ vpc: { arguments: { "cidr_block!": "string", is_multicast: "boolean", tags: "map" } } });
  expect(text).toContain("readonly cidrBlock: Input<string>;");
  expect(text).toContain("readonly isMulticast?: Input<boolean>;");
  expect(text).toContain("readonly tags?: Input<Readonly<Record<string, Input<string>>>>;");
  expect(text).toContain('super("tencentcloud:index/vpc:Vpc", name, { ...args }, opts, false, tencentPackage());');
});

test("one block is an object, several are a list of objects in the plural", () => {
  const text = made({
    pool: {
      arguments: {
        "native!": { one: { "subnet_ids!": "string[]", disk: { list: { "size!": "number" } } } },
      },
    },
  });
  expect(text).toContain("readonly native: Input<PoolNative>;");
  expect(text).toContain("readonly subnetIds: Input<readonly Input<string>[]>;");
  expect(text).toContain("readonly disks?: Input<readonly Input<PoolNativeDisk>[]>;");
  expect(text.indexOf("interface PoolNativeDisk ")).toBeLessThan(text.indexOf("interface PoolNative "));
});

test("what is secret is encrypted in the state, whether it goes in or comes out", () => {
  const text = made({
    endpoint: {
      arguments: { "root_password!": "string" },
      outputs: { kube_config: "string" },
      secrets: ["root_password", "kube_config"],
    },
  });
  expect(text).toContain("declare readonly kubeConfig: Output<string>;");
  expect(text).toContain("const inputs = { ...args, kubeConfig: undefined };");
  expect(text).toContain('const secret = { additionalSecretOutputs: ["rootPassword", "kubeConfig"] };');
  expect(text).toContain("{ ...secret, ...opts }");
});

test.each([
  [{ vpc: { arguments: { name: "text" } } }, 'vpc.arguments.name: got "text"; expected string, number'],
  [{ vpc: { arguments: { name: { some: {} } } } }, 'expected {"one": {...}} or {"list": {...}}'],
  [{ vpc: { arguments: [] } }, "vpc.arguments: got []; expected an object"],
  [{ vpc: { arguments: {}, secrets: "name" } }, 'vpc.secrets: got "name"; expected a list of names'],
])("%j is refused", (json, message) => {
  expect(() => generateSdk(json)).toThrow(message);
  expect(() => generateSdk(json)).toThrow("[tencent-sdk/malformed]");
});
