export { ENGINE_BIN, type Engine, ensureEngine } from "./engine.ts";
export { type EnvironmentArgs, engineEnvironment, prepareEnvironment, printEnvironment } from "./environment.ts";
export { destroy, preview, type StackRun, selectStack, stackOutputs, up } from "./runs.ts";
export type { RunSummary } from "./summary.ts";
