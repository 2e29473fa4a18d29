import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { type CommonOptions, command, printResult, progressOf } from "../command.ts";
import type { UpResult } from "../deploy/up.ts";
import { interruption } from "../interrupt.ts";

export function upCommand(): Command {
  return command("up", "Build an environment, or bring it up to date, and end with a real reply.")
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .action(async (name: string, options: CommonOptions) => {
      const { readEnvironmentFile } = await import("../environment.ts");
      const { bringUp } = await import("../deploy/up.ts");
      const result = await bringUp(readEnvironmentFile(name), progressOf(options), interruption());
      printResult(options, result, () => greeting(result));
    });
}

function greeting({ environment, address, keyFiles, changes, firstReply }: UpResult): string {
  const { keyFile } = firstReply;
  const changed = Object.entries(changes)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(", ");
  return `
${environment} stands (${changed}).

  asked     ${firstReply.asked}
  answered  ${firstReply.answered}

Address  ${address}
Keys     ${Object.entries(keyFiles)
    .map(([holder, file]) => `${holder.padEnd(24)} ${file}`)
    .join("\n         ")}
${firstReply.tenant}'s key is ${readFileSync(keyFile, "utf8").trim()}

Talk to ${firstReply.tenant}'s agent:
  curl -s ${address}/v1/chat/completions -H "Authorization: Bearer $(cat ${keyFile})" \\
    -H 'content-type: application/json' \\
    -d '{"model": "openclaw/default", "messages": [{"role": "user", "content": "RUN: uname -a"}]}'

Attack it:     npx breakwater verify ${environment}
Take it away:  npx breakwater down ${environment}
`;
}
