import { defineConfig } from "vitest/config";

/** One project a layer; `npm test` runs them in this order and says what each proves. */
function layer(name: string, options: { testTimeout?: number; serial?: boolean; globalSetup?: string } = {}) {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      env: { PULUMI_ERROR_OUTPUT_STRING: "true" },
      testTimeout: options.testTimeout ?? 20_000,
      hookTimeout: options.testTimeout ?? 20_000,
      fileParallelism: !options.serial,
      ...(options.globalSetup === undefined ? {} : { globalSetup: [options.globalSetup] }),
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      layer("unit"),
      layer("golden"),
      layer("policy", { testTimeout: 60_000 }),
      layer("service", { testTimeout: 60_000, serial: true, globalSetup: "test/service/setup.ts" }),
      layer("browser", { testTimeout: 180_000, serial: true, globalSetup: "test/browser/setup.ts" }),
      layer("engine", { testTimeout: 120_000 }),
      layer("cluster", { testTimeout: 600_000, serial: true, globalSetup: "test/cluster/setup.ts" }),
    ],
  },
});
