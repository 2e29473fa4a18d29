const { createRequire } = require("node:module");
const { join } = require("node:path");

// Runs a policy pack that is JavaScript by the runner of the SDK that the pack itself has installed. That runner's own entry
// loads a TypeScript compiler and a debugger first, which takes twice as long as our pack.
const folder = process.argv.at(-1);
const fromPack = createRequire(join(folder, "package.json"));

createRequire(fromPack.resolve("@pulumi/pulumi/package.json"))("source-map-support/register");
fromPack("@pulumi/pulumi/cmd/run-policy-pack/run").run({
  argv: { _: [folder] },
  typeScript: false,
  programStarted: () => undefined,
  // The runner has said what went wrong; a pack that ends must not look as if nothing had.
  reportLoggedError: () => {
    process.exitCode = 1;
  },
});
