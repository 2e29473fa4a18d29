const Module = require("node:module");
const { join } = require("node:path");
const { bundled } = require("./start/bundle.cjs");
const { readPropertiesOnce } = require("./start/properties.cjs");
const { putOffSdk } = require("./start/sdk.cjs");

// Pulumi's policy runner can only `require` a pack, and starts it anew for every preview, which waits for it.
putOffSdk();
readPropertiesOnce();

const root = join(__dirname, "..");
const kept = join(root, "node_modules", ".cache", "breakwater", "policies.cjs");
const { code, file } = bundled({ root, entry: "policies/index.ts", kept });
const pack = new Module(file, module);
pack.paths = Module._nodeModulePaths(__dirname);
pack._compile(code, file);
