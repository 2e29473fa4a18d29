import { Command, CommanderError } from "commander";
import { agentsCommand } from "./commands/agents.ts";
import { assessCommand } from "./commands/assess.ts";
import { auditCommand } from "./commands/audit.ts";
import { bundleCommand } from "./commands/bundle.ts";
import { checkCommand } from "./commands/check.ts";
import { clusterCommand } from "./commands/cluster.ts";
import { completionCommand } from "./commands/completion.ts";
import { complianceCommand } from "./commands/compliance.ts";
import { costCommand } from "./commands/cost.ts";
import { devCommand } from "./commands/dev.ts";
import { downCommand } from "./commands/down.ts";
import { enforcersCommand } from "./commands/enforcers.ts";
import { envCommand } from "./commands/env.ts";
import { evidenceCommand } from "./commands/evidence.ts";
import { imagesCommand } from "./commands/images.ts";
import { keysCommand } from "./commands/keys.ts";
import { planCommand } from "./commands/plan.ts";
import { settingsCommand } from "./commands/settings.ts";
import { statusCommand } from "./commands/status.ts";
import { upCommand } from "./commands/up.ts";
import { verifyCommand } from "./commands/verify.ts";
import { whitepaperCommand } from "./commands/whitepaper.ts";
import { EXIT, reportFailure } from "./exit.ts";
import { endWithReader } from "./reader.ts";

const EXAMPLES = `
Examples:
  breakwater plan local              what would be built, without building anything
  breakwater up local                build it, and talk to it
  breakwater verify local            attack it, and see every wall hold
  breakwater settings check FILE...  what is wrong with an environment file

Exit status: 0 done; 1 refused, failed, or a check did not pass; 2 wrong command line; 3 something has no price (cost);
141 the reader of the output went away before its end, as of other programs.`;

function program(): Command {
  const root = new Command("breakwater")
    .description("Deploys OpenClaw agents for a company and keeps them behind walls that hold.")
    .version("0.1.0")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("(breakwater --help shows what there is)")
    .showSuggestionAfterError()
    // What stands behind a command is the command's: `check --version` is a version of the standard.
    .enablePositionalOptions()
    .exitOverride();
  const commands = [
    planCommand(),
    costCommand(),
    upCommand(),
    downCommand(),
    devCommand(),
    statusCommand(),
    verifyCommand(),
    checkCommand(),
    settingsCommand(),
    keysCommand(),
    agentsCommand(),
    auditCommand(),
    enforcersCommand(),
    complianceCommand(),
    evidenceCommand(),
    assessCommand(),
    whitepaperCommand(),
    clusterCommand(),
    imagesCommand(),
    bundleCommand(),
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

endWithReader();
process.exitCode = await main(process.argv.slice(2));
