import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../paths.ts";
import { generateSdk } from "./generate.ts";

const folder = join(projectRoot, "components", "tencent", "sdk");
const resources = JSON.parse(readFileSync(join(projectRoot, "tools", "tencent-sdk", "resources.json"), "utf8"));

for (const [file, content] of generateSdk(resources)) writeFileSync(join(folder, file), content);
