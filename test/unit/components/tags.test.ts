import { expect, test } from "vitest";
import { tagsOf } from "../../../components/tags.ts";
import { demandOf } from "../../../stacks/demand.ts";
import { cloudSettings } from "../../support/places.ts";

const demand = demandOf(
  "acme-aws",
  cloudSettings({
    deployment: { topology: "aws", region: "east-1", owner: "platform@company.com", data_class: "confidential" },
  }),
);

test("a resource says whose it is, what made it and how sensitive its data is", () => {
  expect(tagsOf(demand)).toEqual({
    "breakwater:environment": "acme-aws",
    "breakwater:managed-by": "pulumi",
    "breakwater:owner": "platform@company.com",
    "breakwater:residency": "east-1",
    "breakwater:data-class": "confidential",
  });
});

/** Limits: AWS 128 and 256, Alibaba Cloud 128 and 128, Tencent Cloud 127 and 255; beginnings that one of them keeps. */
test("keys and values are what the strictest cloud takes", () => {
  for (const [key, value] of Object.entries(tagsOf(demand))) {
    expect(key).toMatch(/^[a-z][a-z:-]{0,126}$/);
    expect(value).toMatch(/^[A-Za-z0-9._@-]{1,127}$/);
    expect(/^(aws|acs:|aliyun|qcloud|project|http)/.test(key)).toBe(false);
  }
});
