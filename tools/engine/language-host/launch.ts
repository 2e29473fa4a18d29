import { createRequire } from "node:module";
import { join } from "node:path";

/** A Node process to start, decided before anything runs. */
export interface Launch {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to the host's own environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the engine says about the program that it wants run. */
export interface ProgramRequest {
  readonly engineAddress: string;
  readonly monitorAddress: string;
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  readonly pwd: string;
  readonly programDirectory: string;
  readonly entryPoint: string;
  readonly rootDirectory: string;
  readonly parallel: number;
  readonly dryRun: boolean;
  readonly args: readonly string[];
  /** `namespace:key` to value; secrets in plain text, so it travels in the environment and never on a command line. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** `runtime.options.nodeargs` of Pulumi.yaml. */
  readonly nodeArgs: string;
}

/** How to run a program with the language runtime of the SDK that the program itself has installed. */
export function launchProgram(request: ProgramRequest): Launch {
  const flags = {
    monitor: request.monitorAddress,
    engine: request.engineAddress,
    project: request.project,
    stack: request.stack,
    organization: request.organization,
    "root-directory": request.rootDirectory,
    pwd: request.pwd,
    parallel: String(request.parallel),
  };
  return {
    args: [
      ...request.nodeArgs.split(/\s+/).filter((word) => word !== ""),
      resolveFrom(request.programDirectory, "@pulumi/pulumi/cmd/run"),
      ...Object.entries(flags).flatMap(([flag, value]) => (value === "" ? [] : [`--${flag}`, value])),
      ...(request.dryRun ? ["--dry-run"] : []),
      request.entryPoint || ".",
      ...request.args,
    ],
    cwd: request.pwd,
    environment: {
      PULUMI_CONFIG: JSON.stringify(request.config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.secretKeys),
    },
  };
}

/** What the engine says about a plugin that is itself a Node program. */
export interface PluginRequest {
  readonly kind: string;
  readonly programDirectory: string;
  readonly pwd: string;
  readonly args: readonly string[];
  /** `NAME=value` lines. */
  readonly environment: readonly string[];
  /** `runtime.options.typescript` of PulumiPolicy.yaml: false for a pack that is JavaScript. */
  readonly typescript: boolean;
}

/**
 * How to run a policy pack (kind `analyzer`) or any other plugin.
 * A pack's runner reads ./package.json, so it starts inside the pack; it ignores its first argument, the engine's address.
 */
export function launchPlugin(request: PluginRequest): Launch {
  const { programDirectory: folder, args } = request;
  const environment = Object.fromEntries(request.environment.map(splitVariable));
  return request.kind === "analyzer"
    ? { args: [request.typescript ? packRunner(folder) : PLAIN_PACK_RUNNER, ...args, folder], cwd: folder, environment }
    : {
        args: [resolveFrom(folder, "@pulumi/pulumi/cmd/run-plugin"), folder, ...args],
        cwd: request.pwd || folder,
        environment,
      };
}

/** Pulumi's own, which compiles a pack that is TypeScript. */
function packRunner(folder: string): string {
  return resolveFrom(folder, "@pulumi/pulumi/cmd/run-policy-pack");
}

const PLAIN_PACK_RUNNER = join(import.meta.dirname, "run-policy-pack.cjs");

function splitVariable(line: string): [string, string] {
  const equals = line.indexOf("=");
  return equals < 0 ? [line, ""] : [line.slice(0, equals), line.slice(equals + 1)];
}

function resolveFrom(folder: string, request: string): string {
  return createRequire(join(folder, "package.json")).resolve(request);
}
