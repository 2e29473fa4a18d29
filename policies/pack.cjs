const { readPropertiesOnce } = require("./start/properties.cjs");
const { putOffSdk } = require("./start/sdk.cjs");

putOffSdk();
readPropertiesOnce();
// Before tsx, which would look into each of their files: that takes as long as all the rest of the start.
require("@pulumi/policy");
require("zod");
// Pulumi's policy runner can only `require` a pack; tsx lets that be TypeScript.
require("tsx/cjs");
require("./index.ts");
