export { type Engine, ensureEngine } from "./engine.ts";
export { type EnvironmentArgs, engineEnvironment, prepareEnvironment, printEnvironment } from "./environment.ts";
export { endOrphanedPlugins } from "./orphans.ts";
export { destroy, forgetWhatIsGone, type StackRun, selectStack, up } from "./runs.ts";
export type { RunSummary } from "./summary.ts";
