import { expect, test } from "vitest";
import { EVASIONS, REFERENCE_CLASSES, randomId, seeded } from "../../../support/evasion.ts";
import { detectors } from "./all-rules.ts";

const SAMPLES = 500;
const RANDOM_IDS = 20_000;

test("there are at least the 21 classes of the reference", () => {
  expect(REFERENCE_CLASSES).toBeGreaterThanOrEqual(21);
});

test.each(EVASIONS)("$name: each of 500 samples is found, and what it gives away is gone", ({ sample }) => {
  const random = seeded(7);
  for (let index = 0; index < SAMPLES; index += 1) {
    const { text, secret } = sample(random);
    const verdict = detectors.text(text);
    expect({ text, action: verdict.action }).toEqual({ text, action: "redact" });
    expect(verdict.text).not.toContain(secret);
    expect(JSON.stringify(verdict.hits)).not.toContain(secret);
  }
});

test("at most 3 % of 20,000 random 16-digit ids are taken for something", () => {
  const random = seeded(11);
  let alarms = 0;
  for (let index = 0; index < RANDOM_IDS; index += 1) {
    if (detectors.text(`order ${randomId(random)} shipped`).action !== "pass") alarms += 1;
  }
  expect(alarms / RANDOM_IDS).toBeLessThanOrEqual(0.03);
});
