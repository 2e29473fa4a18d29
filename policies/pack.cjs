// Pulumi's policy runner can only `require` a pack; tsx lets that be TypeScript.
require("tsx/cjs");
require("./index.ts");
