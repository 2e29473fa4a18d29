import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

interface LayerOptions {
  readonly testTimeout?: number;
  readonly serial?: boolean;
  /** Its files share the modules that a worker has loaded: a file puts back what it changes of the process. */
  readonly shared?: boolean;
  readonly globalSetup?: string;
}

/** One project a layer; `npm test` runs them in this order and says what each proves. */
function layer(name: string, options: LayerOptions = {}) {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      env: { PULUMI_ERROR_OUTPUT_STRING: "true" },
      testTimeout: options.testTimeout ?? 20_000,
      hookTimeout: options.testTimeout ?? 20_000,
      fileParallelism: !options.serial,
      isolate: !options.shared,
      ...(options.globalSetup === undefined ? {} : { globalSetup: [options.globalSetup] }),
    },
  };
}

export default defineConfig({
  test: {
    // Half of what tests do is to wait for processes, disks and clocks. The default is one worker on two CPUs.
    maxWorkers: availableParallelism() + 1,
    projects: [
      layer("unit", { shared: true, globalSetup: "test/unit/setup.ts" }),
      layer("golden"),
      layer("policy", { testTimeout: 60_000 }),
      layer("service", { testTimeout: 60_000, serial: true, globalSetup: "test/service/setup.ts" }),
      layer("browser", { testTimeout: 180_000, serial: true, globalSetup: "test/browser/setup.ts" }),
      layer("engine", { testTimeout: 120_000 }),
      layer("cluster", { testTimeout: 600_000, serial: true, globalSetup: "test/cluster/setup.ts" }),
    ],
  },
});
