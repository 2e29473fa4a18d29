import type { Command } from "commander";
import { type CommonOptions, command, printResult } from "../command.ts";

interface AssessOptions extends CommonOptions {
  readonly answers?: string;
  readonly out?: string;
}

export function assessCommand(): Command {
  return command(
    "assess",
    "Ask what a company needs, and write the environment that gives it, with its cost and its compliance gaps.",
  )
    .option("--answers <file>", "YAML or JSON with the answers, instead of being asked (docs/assess.md)")
    .option("--out <file>", "where the environment file goes; never replaces one")
    .action(async (options: AssessOptions) => {
      const { assess } = await import("../assess/assess.ts");
      const { renderAssessment } = await import("../assess/render.ts");
      const { outlookOf } = await import("../assess/outlook.ts");
      const { environmentOf } = await import("../environment.ts");
      const answers = await answersOf(options);
      const assessment = await assess(answers);
      const made = environmentOf(assessment.environment, assessment.file, assessment.yaml);
      const outlook = await outlookOf(made, answers, new Date().toISOString().slice(0, 10));
      if (options.out !== undefined) {
        const { writeNew } = await import("../assess/write-new.ts");
        writeNew(options.out, assessment.yaml);
      }
      printResult(options, { ...assessment, ...outlook }, () => renderAssessment(assessment, outlook, options.out));
    });
}

async function answersOf({ answers }: AssessOptions) {
  if (answers !== undefined) return (await import("../assess/read.ts")).readAnswersFile(answers);
  const { interview } = await import("../assess/interview.ts");
  const { terminalConversation } = await import("../assess/terminal-conversation.ts");
  const conversation = terminalConversation();
  try {
    return await interview(conversation);
  } finally {
    conversation.close();
  }
}
