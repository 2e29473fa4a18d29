/**
 * What those who judge a plan and what it costs need of the contract: not its schema, and no parser. The policy pack starts
 * anew for each preview, and loading the whole contract takes as long as all its rules.
 */
export { FACTS_TYPE, Facts } from "./facts.ts";
export { microUsd } from "./money.ts";
export { contractPrice, resolveProvider } from "./providers.ts";
export type { Settings } from "./schema.ts";
