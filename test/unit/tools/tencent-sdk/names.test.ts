import { expect, test } from "vitest";
import { bridgedName, camelCase, pascalCase, plural } from "../../../../tools/tencent-sdk/names.ts";

test.each([
  ["kms_key_id", "kmsKeyId", "KmsKeyId"],
  ["contain_z_h", "containZH", "ContainZH"],
  ["clb_customized_config_v2", "clbCustomizedConfigV2", "ClbCustomizedConfigV2"],
])("%s becomes %s and %s", (name, camel, pascal) => {
  expect([camelCase(name), pascalCase(name)]).toEqual([camel, pascal]);
});

test.each([
  ["zone_set", "zone_sets"],
  ["security_policy", "security_policies"],
  ["ingress", "ingresses"],
  ["subnet_ids", "subnet_ids"],
  ["tags", "tags"],
])("several of %s are %s", (name, expected) => {
  expect(plural(name)).toBe(expected);
});

test("what holds several values is in the plural, unless another argument has that name", () => {
  expect(bridgedName("db_node_set", true, ["db_node_set"])).toBe("dbNodeSets");
  expect(bridgedName("native", false, ["native"])).toBe("native");
  expect(bridgedName("domain", true, ["domain", "domains"])).toBe("domain");
});
