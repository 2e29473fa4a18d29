import type { Settings } from "@breakwater/runtime/settings";
import { settingsOf } from "../unit/cost/fixture.ts";
import type { Analyzed } from "./analyzer.ts";
import { FACTS } from "./judge.ts";

/** A pod that breaks no rule of pods but by its images. */
export function pod(...images: string[]): Analyzed {
  const securityContext = {
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };
  const containers = images.map((image, index) => ({ name: `c${index}`, image, securityContext }));
  return {
    type: "kubernetes:core/v1:Pod",
    urn: "urn:pulumi:t::p::kubernetes:core/v1:Pod::pod",
    name: "pod",
    props: { spec: { containers } },
  };
}

/** Settings of a shipped environment. */
export const acmeAws: Settings = settingsOf("acme-aws");

/** Every rule is mandatory, and nothing is excepted. */
export const NO_POLICIES = { enforcement: { default: "mandatory", rules: {} }, exceptions: [] };

/** The component by which a stack says what environment it is. */
export function environment(settings: Readonly<Record<string, unknown>> = {}): Analyzed {
  return {
    type: "breakwater:stacks:Environment",
    urn: "urn:pulumi:t::p::breakwater:stacks:Environment::environment",
    name: "environment",
    props: { ...FACTS, settings: { ...acmeAws, policies: NO_POLICIES, ...settings } },
  };
}
