import { Command, CommanderError } from "commander";
import { agentsCommand } from "./commands/agents.ts";
import { auditCommand } from "./commands/audit.ts";
import { clusterCommand } from "./commands/cluster.ts";
import { completionCommand } from "./commands/completion.ts";
import { devCommand } from "./commands/dev.ts";
import { downCommand } from "./commands/down.ts";
import { enforcersCommand } from "./commands/enforcers.ts";
import { envCommand } from "./commands/env.ts";
import { imagesCommand } from "./commands/images.ts";
import { keysCommand } from "./commands/keys.ts";
import { planCommand } from "./commands/plan.ts";
import { settingsCommand } from "./commands/settings.ts";
import { statusCommand } from "./commands/status.ts";
import { upCommand } from "./commands/up.ts";
import { verifyCommand } from "./commands/verify.ts";
import { EXIT, reportFailure } from "./exit.ts";

const EXAMPLES = `
Examples:
  breakwater plan local              what would be built, without building anything
  breakwater up local                build it, and talk to it
  breakwater verify local            attack it, and see every wall hold
  breakwater settings check FILE...  what is wrong with an environment file

Exit status: 0 done; 1 refused, failed, or a check did not pass; 2 wrong command line.`;

function program(): Command {
  const root = new Command("breakwater")
    .description("Deploys OpenClaw agents for a company and keeps them behind walls that hold.")
    .version("0.1.0")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("(breakwater --help shows what there is)")
    .showSuggestionAfterError()
    .exitOverride();
  const commands = [
    planCommand(),
    upCommand(),
    downCommand(),
    devCommand(),
    statusCommand(),
    verifyCommand(),
    settingsCommand(),
    keysCommand(),
    agentsCommand(),
    auditCommand(),
    enforcersCommand(),
    clusterCommand(),
    imagesCommand(),
    envCommand(),
  ];
  for (const command of commands) root.addCommand(command);
  return root.addCommand(completionCommand(root));
}

/** Runs one command line. @returns the exit status. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(argv, { from: "user" });
    return process.exitCode === undefined ? EXIT.ok : Number(process.exitCode);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    reportFailure(error, argv.includes("--json"));
    return EXIT.failed;
  }
}

process.exitCode = await main(process.argv.slice(2));
