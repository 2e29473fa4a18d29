import { Command } from "commander";
import { type CommonOptions, command, printResult } from "../command.ts";
import { EXIT } from "../exit.ts";

interface MakeOptions extends CommonOptions {
  readonly out?: string;
  readonly verifyReport?: string;
}

interface VerifyOptions extends CommonOptions {
  readonly publicKey?: string;
}

export function evidenceCommand(): Command {
  return new Command("evidence")
    .description(
      "What an auditor takes away: plan, policy results, enforcers, versions, signed; and whether it was changed.",
    )
    .addCommand(make())
    .addCommand(verify())
    .exitOverride();
}

function make(): Command {
  return command("make", "Write a signed folder with plan, policy results, enforcers, versions and settings.")
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .option("--out <dir>", "where to; by default evidence-<environment>-<time> here")
    .option("--verify-report <file>", "what `breakwater verify --json` printed, to be kept with the rest")
    .action(async (name: string, options: MakeOptions) => {
      const { readEnvironmentFile } = await import("../environment.ts");
      const { readVerifyReport, requireFreeFolder, writeBundle } = await import("../evidence/folder.ts");
      const { contentsOf } = await import("../evidence/contents.ts");
      const { bundleOf } = await import("../evidence/bundle.ts");
      const { evidenceKey, evidencePublicKeyFile } = await import("../evidence/signing-key.ts");
      const { planOf } = await import("../plan/plan.ts");
      const created = new Date();
      const environment = readEnvironmentFile(name);
      const folder = options.out ?? `evidence-${name}-${created.toISOString().replace(/[:.]/g, "-")}`;
      requireFreeFolder(folder);
      const report = options.verifyReport === undefined ? {} : { verifyReport: readVerifyReport(options.verifyReport) };
      const plan = await planOf(environment);
      const files = await contentsOf({ environment, plan, day: created.toISOString().slice(0, 10), ...report });
      const bundle = bundleOf({ environment: name, created, files, privateKey: evidenceKey(name) });
      writeBundle(folder, bundle);
      const made = { folder, files: Object.keys(bundle).sort(), publicKey: evidencePublicKeyFile(name) };
      printResult(options, made, () => [`${folder}:`, ...made.files.map((file) => `  ${file}`)].join("\n"));
    });
}

function verify(): Command {
  return command("verify", "Name every file of a bundle that was changed, taken away or added.")
    .argument("<bundle>", "its folder, or the manifest.json in it")
    .option(
      "--public-key <file>",
      "the environment's key, PEM; by default the one that this machine has, if it has one",
    )
    .action(async (place: string, options: VerifyOptions) => {
      const { bundleFolder } = await import("../evidence/folder.ts");
      const { knownEvidenceKey } = await import("../evidence/signing-key.ts");
      const { verifyBundle } = await import("../evidence/verify.ts");
      const { renderVerification } = await import("../evidence/render.ts");
      const { readPublicKey } = await import("../audit/public-key.ts");
      const given = options.publicKey === undefined ? undefined : readPublicKey(options.publicKey);
      const report = verifyBundle(bundleFolder(place), (environment) => given ?? knownEvidenceKey(environment));
      printResult(options, report, () => renderVerification(report));
      if (!report.intact) process.exitCode = EXIT.failed;
    });
}
