import { expect, test } from "vitest";
import { findPrice } from "../../../cost/find-price.ts";
import { shippedPriceBook } from "../../../cost/price-book.ts";
import { bookOf } from "./fixture.ts";

const book = bookOf([
  ["aws", "us-east-1", "a", "compute", "hour", 1, "USD", "high", "2026-07-20"],
  ["aws", "us-east-1", "b", "compute", "hour", 2, "USD", "high", "2026-07-20"],
  ["aws", "us-east-1", "c", "network", "hour", 10, "USD", "high", "2026-07-20"],
  ["aws", "us-east-1", "gone", "gpu", "hour", 10, "USD", "high", "2026-07-20"],
  ["aws", "us-east-1", "traffic", "transfer", "GB", 1, "USD", "high", "2026-07-20"],
  ["aws", "ap-northeast-2", "a", "compute", "hour", 1.1, "USD", "high", "2026-07-20"],
  ["aws", "ap-northeast-2", "b", "compute", "hour", 2.6, "USD", "high", "2026-07-20"],
  ["aws", "ap-northeast-2", "gone", "gpu", "hour", null, "USD", "low", "2026-07-20"],
  ["aws", "ap-northeast-2", "traffic", "transfer", "GB", 4, "USD", "high", "2026-07-20"],
  ["alicloud", "cn-mainland", "nat", "network", "hour", 0.034, "USD", "high", null],
]);

test("a region's own price counts as it is", () => {
  const found = findPrice(book, { provider: "aws", region: "ap-northeast-2", sku: "a" });
  expect(found).toMatchObject({ confidence: "high", row: { region: "ap-northeast-2" } });
  expect(found?.elsewhere).toBeUndefined();
});

test("another region's price is of low confidence, with the differences that are known, traffic left out", () => {
  const found = findPrice(book, { provider: "aws", region: "ap-northeast-2", sku: "c" });
  expect(found).toMatchObject({
    confidence: "low",
    row: { region: "us-east-1" },
    elsewhere: { low: 1100, expected: 1300, high: 1300 },
  });
});

test("a row without a figure is the answer, and no other region's price stands in for it", () => {
  expect(findPrice(book, { provider: "aws", region: "ap-northeast-2", sku: "gone" })?.row.priceNano).toBeNull();
});

test("a price of the mainland holds in its regions and not in Hong Kong", () => {
  const nat = { provider: "alicloud", sku: "nat" };
  expect(findPrice(book, { ...nat, region: "cn-hangzhou" })?.confidence).toBe("high");
  expect(findPrice(book, { ...nat, region: "cn-hongkong" })).toBeUndefined();
});

test("AWS China is not priced by AWS", () => {
  expect(
    findPrice(shippedPriceBook(), { provider: "aws-cn", region: "cn-north-1", sku: "nat-gateway" }),
  ).toBeUndefined();
});
