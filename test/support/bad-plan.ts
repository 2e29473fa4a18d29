import { type Facts, parseSettings, type Settings } from "@breakwater/runtime/settings";
import { type PlannedResource, recordRun } from "../../cli/plan/recorder.ts";
import { EnvironmentFacts } from "../../stacks/facts.ts";
import type { BadEnvironment } from "../fixtures/bad/bad-environment.ts";
import { sectionsOf } from "./plan.ts";

const SHIPPED: Readonly<Record<Facts["topology"], string>> = {
  aws: "acme-aws",
  alibaba: "acme-alibaba",
  tencent: "acme-tencent",
  dgx: "acme-dgx",
  local: "local",
};

/** Settings of a bad environment: the shipped ones of its topology, without an exception from any rule. */
export function badSettings({ topology }: Facts): Settings {
  return parseSettings({ ...sectionsOf(SHIPPED[topology]), policies: {} }).settings;
}

/** What an environment of the fixtures registers, through the recorder of `breakwater plan`; one after another, not at once. */
export function recordBad({ facts, build }: BadEnvironment): Promise<readonly PlannedResource[]> {
  return recordRun(facts.environment, {}, () => {
    new EnvironmentFacts(facts, badSettings(facts));
    build();
  });
}
