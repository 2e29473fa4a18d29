import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { type CommonOptions, command, printResult, progressOf } from "../command.ts";
import type { ElsewhereResult } from "../deploy/elsewhere.ts";
import type { UpResult } from "../deploy/up.ts";
import { interruption } from "../interrupt.ts";

export function upCommand(): Command {
  return command("up", "Build an environment, or bring it up to date, and end with a real reply.")
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .action(async (name: string, options: CommonOptions) => {
      const { readEnvironmentFile } = await import("../environment.ts");
      const environment = readEnvironmentFile(name);
      if (environment.settings.deployment.topology === "local") {
        const { bringUp } = await import("../deploy/up.ts");
        const result = await bringUp(environment, progressOf(options), interruption());
        printResult(options, result, () => greeting(result));
        return;
      }
      const { bringUpElsewhere } = await import("../deploy/elsewhere.ts");
      const result = await bringUpElsewhere(environment, progressOf(options), interruption());
      printResult(options, result, () => standing(result));
    });
}

/** `7 create, 2 update`. */
function counted(changes: UpResult["changes"]): string {
  return Object.entries(changes)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(", ");
}

function keyLines(keyFiles: UpResult["keyFiles"]): string {
  return Object.entries(keyFiles)
    .map(([holder, file]) => `${holder.padEnd(24)} ${file}`)
    .join("\n         ");
}

function standing({ environment, topology, keyFiles, changes }: ElsewhereResult): string {
  return `
${environment} stands on ${topology} (${counted(changes)}).

Keys     ${keyLines(keyFiles)}

Look at it:    eval "$(npx breakwater env ${environment})" && pulumi stack -s ${environment}
`;
}

function greeting({ environment, address, keyFiles, changes, firstReply }: UpResult): string {
  const { keyFile } = firstReply;
  return `
${environment} stands (${counted(changes)}).

  asked     ${firstReply.asked}
  answered  ${firstReply.answered}

Address  ${address}
Keys     ${keyLines(keyFiles)}
${firstReply.tenant}'s key is ${readFileSync(keyFile, "utf8").trim()}

Talk to ${firstReply.tenant}'s agent:
  curl -s ${address}/v1/chat/completions -H "Authorization: Bearer $(cat ${keyFile})" \\
    -H 'content-type: application/json' \\
    -d '{"model": "openclaw/default", "messages": [{"role": "user", "content": "RUN: uname -a"}]}'

Attack it:     npx breakwater verify ${environment}
Take it away:  npx breakwater down ${environment}
`;
}
