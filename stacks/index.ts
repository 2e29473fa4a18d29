import { ProblemError } from "@breakwater/runtime/problems";
import { RunError } from "@pulumi/pulumi/errors.js";
import { warn } from "@pulumi/pulumi/log/index.js";
import { adjustmentsOf } from "./agents.ts";
import { readEnvironment } from "./config.ts";
import { deploy } from "./deploy.ts";

try {
  const environment = readEnvironment();
  for (const { path, got, became, reason } of [...environment.corrections, ...adjustmentsOf(environment.settings)]) {
    await warn(`corrected ${path}: got ${got}; became ${became}; ${reason}`);
  }
  await deploy(environment);
} catch (error) {
  // The engine prints a RunError as it is, without a stack that means nothing to the author of an environment.
  throw error instanceof ProblemError ? new RunError(error.message) : error;
}
