import { once } from "node:events";
import { refuse } from "@breakwater/runtime/problems";
import { Command } from "commander";
import { tracked } from "../../tools/progress.ts";
import type { AuditDirectory } from "../audit/directories.ts";
import type { VerifiedLog } from "../audit/render.ts";
import { type CommonOptions, command, printResult, progressOf } from "../command.ts";
import { EXIT } from "../exit.ts";

interface PlaceOptions extends CommonOptions {
  readonly directory?: string;
}

interface ExportOptions extends PlaceOptions {
  readonly tenant?: string;
  readonly from?: string;
  readonly to?: string;
}

export function auditCommand(): Command {
  return new Command("audit")
    .description("The audit log: verify that nobody changed it, or export it.")
    .addCommand(verify())
    .addCommand(exported())
    .exitOverride();
}

function verify(): Command {
  return command("verify", "Check every record, and say where the first bad one is.")
    .argument("[environment]", "name of stacks/Pulumi.<environment>.yaml; its audit volumes must be on this machine")
    .option("--directory <dir>", "a folder with audit files, instead of an environment")
    .option(
      "--public-key <file>",
      "Ed25519 key, PEM, that checks the signed checkpoints; without it the environment's own",
    )
    .action(async (environment: string | undefined, options: PlaceOptions & { publicKey?: string }) => {
      const places = await placesOf(environment, options);
      const { readPublicKey } = await import("../audit/public-key.ts");
      const { renderVerification } = await import("../audit/render.ts");
      const { verifyAudit } = await import("@breakwater/runtime/audit");
      const logs: VerifiedLog[] = [];
      for (const { service: name, directory, publicKeyFile } of places) {
        const keyFile = options.publicKey ?? publicKeyFile;
        const publicKey = keyFile === undefined ? undefined : readPublicKey(keyFile);
        const report = await tracked(progressOf(options), `Verifying ${name}`, ({ update }) =>
          verifyAudit(directory, { publicKey, onProgress: (bytes, total) => update(bytes / Math.max(1, total)) }),
        );
        logs.push({ name, directory, report });
      }
      const intact = logs.every(({ report }) => report.intact);
      printResult(options, { intact, logs }, () => renderVerification(logs));
      if (!intact) process.exitCode = EXIT.failed;
    });
}

function exported(): Command {
  return command("export", "Print records as NDJSON, oldest first, one service after the other.")
    .argument("[environment]", "name of stacks/Pulumi.<environment>.yaml; its audit volumes must be on this machine")
    .option("--directory <dir>", "a folder with audit files, instead of an environment")
    .option("--tenant <id>", "only this tenant's records")
    .option("--from <when>", "2026-03-01 or 2026-03-01T08:00:00Z; included")
    .option("--to <when>", "a day, included, or an instant, excluded")
    .action(async (environment: string | undefined, options: ExportOptions) => {
      const { periodOf } = await import("../audit/period.ts");
      const filter = { tenant: options.tenant, ...periodOf(options.from, options.to) };
      const { exportAudit } = await import("@breakwater/runtime/audit");
      for (const { directory } of await placesOf(environment, options)) {
        for await (const line of exportAudit(directory, filter)) {
          if (!process.stdout.write(line)) await once(process.stdout, "drain");
        }
      }
    });
}

/** @throws ProblemError `audit/no-directory` */
async function placesOf(
  environment: string | undefined,
  { directory }: PlaceOptions,
): Promise<readonly AuditDirectory[]> {
  if (directory !== undefined && environment === undefined) {
    const { statSync } = await import("node:fs");
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return [{ service: directory, directory }];
  }
  if (directory === undefined && environment !== undefined) {
    const { auditDirectoriesOf } = await import("../audit/directories.ts");
    const { readEnvironmentFile } = await import("../environment.ts");
    return auditDirectoriesOf(readEnvironmentFile(environment));
  }
  return refuse({
    code: "audit/no-directory",
    path: "--directory",
    got: directory ?? "nothing",
    expected: "an environment, or an existing folder with audit files, and not both",
    remedy: "name one: `breakwater audit verify local` or `breakwater audit verify --directory DIR`",
  });
}
