import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import type grpc from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import monitorService from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { serve } from "./grpc.ts";

/** One resource as the program asked the engine for it. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN; empty for the root. */
  readonly parent: string;
  readonly custom: boolean;
  /** As on the wire: secrets and unknowns are Pulumi's marked objects and strings. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly version: string;
}

/** Pulumi's engine as far as a program sees it, in this process, recording. */
export interface Monitor {
  readonly address: string;
  readonly registrations: readonly Registration[];
  /** Outputs by URN of what called registerOutputs; the stack's own outputs are under its URN. */
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** `severity: message` of everything logged above debug. */
  readonly logs: readonly string[];
  readonly close: () => void;
}

/** What the recorded engine claims to understand; the shapes of `inputs` follow from it. */
const FEATURES = new Set(["secrets", "resourceReferences", "aliasSpecs", "deletedWith"]);

/** Starts a monitor that answers as a preview does: what a provider would compute stays unknown. */
export async function startMonitor(project: string, stack: string): Promise<Monitor> {
  const registrations: Registration[] = [];
  const outputs = new Map<string, Readonly<Record<string, unknown>>>();
  const logs: string[] = [];
  const supportsFeature: grpc.handleUnaryCall<proto.SupportsFeatureRequest, proto.SupportsFeatureResponse> = (
    c,
    reply,
  ) => reply(null, new proto.SupportsFeatureResponse().setHassupport(FEATURES.has(c.request.getId())));
  const registerResource: grpc.handleUnaryCall<proto.RegisterResourceRequest, proto.RegisterResourceResponse> = (
    { request },
    reply,
  ) => {
    const registration = describe(request, project, stack);
    registrations.push(registration);
    reply(null, new proto.RegisterResourceResponse().setUrn(registration.urn).setObject(request.getObject()));
  };
  const registerResourceOutputs: grpc.handleUnaryCall<proto.RegisterResourceOutputsRequest, empty.Empty> = (
    c,
    reply,
  ) => {
    outputs.set(c.request.getUrn(), c.request.getOutputs()?.toJavaScript() ?? {});
    reply(null, new empty.Empty());
  };
  const nothing: grpc.handleUnaryCall<unknown, empty.Empty> = (_, reply) => reply(null, new empty.Empty());
  const server = await serve(
    [
      monitorService.ResourceMonitorService,
      { supportsFeature, registerResource, registerResourceOutputs, signalAndWaitForShutdown: nothing },
    ],
    [engineService.EngineService, engineCalls(logs)],
  );
  return { address: server.address, registrations, outputs, logs, close: server.close };
}

function describe(request: proto.RegisterResourceRequest, project: string, stack: string): Registration {
  const type = request.getType();
  const parentTypes = request.getParent().split("::")[2] ?? "";
  const chain = parentTypes === "" || parentTypes === "pulumi:pulumi:Stack" ? type : `${parentTypes}$${type}`;
  return {
    urn: `urn:pulumi:${stack}::${project}::${chain}::${request.getName()}`,
    type,
    name: request.getName(),
    parent: request.getParent(),
    custom: request.getCustom(),
    inputs: request.getObject()?.toJavaScript() ?? {},
    dependencies: request.getDependenciesList(),
    protect: request.getProtect() ?? false,
    version: request.getVersion(),
  };
}

function engineCalls(logs: string[]): grpc.UntypedServiceImplementation {
  let root = "";
  const log: grpc.handleUnaryCall<engine.LogRequest, empty.Empty> = ({ request }, reply) => {
    const severity = ["debug", "info", "warning", "error"][request.getSeverity()];
    if (severity !== "debug") logs.push(`${severity}: ${request.getMessage()}`);
    reply(null, new empty.Empty());
  };
  const setRootResource: grpc.handleUnaryCall<engine.SetRootResourceRequest, engine.SetRootResourceResponse> = (
    c,
    reply,
  ) => {
    root = c.request.getUrn();
    reply(null, new engine.SetRootResourceResponse());
  };
  const getRootResource: grpc.handleUnaryCall<unknown, engine.GetRootResourceResponse> = (_, reply) =>
    reply(null, new engine.GetRootResourceResponse().setUrn(root));
  return { log, setRootResource, getRootResource };
}

/** A program to run against the recording engine. */
export interface ProgramArgs {
  /** Folder with the program's package.json. */
  readonly folder: string;
  readonly project: string;
  readonly stack: string;
  /** `namespace:key` to value. */
  readonly config?: Readonly<Record<string, string>>;
  readonly secretKeys?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** What became of it. */
export interface ProgramRun extends Omit<Monitor, "close" | "address"> {
  readonly exitCode: number | null;
  readonly output: string;
}

/**
 * Runs a TypeScript program with Pulumi's real Node language runtime against {@link startMonitor}.
 * Proves what the program registers; nothing is deployed and no provider has judged it.
 */
export async function runProgram(args: ProgramArgs): Promise<ProgramRun> {
  const monitor = await startMonitor(args.project, args.stack);
  try {
    const flags = { monitor: monitor.address, engine: monitor.address, project: args.project, stack: args.stack };
    const runtime = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run");
    const child = spawn(
      process.execPath,
      [
        ...["--import", "tsx", "--stack-trace-limit=0", runtime, "--dry-run", "--pwd", args.folder, "--parallel", "16"],
        ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]),
        ...["--organization", "organization", "."],
      ],
      {
        cwd: args.folder,
        env: {
          ...process.env,
          PULUMI_CONFIG: JSON.stringify(args.config ?? {}),
          PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(args.secretKeys ?? []),
          ...args.environment,
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (bytes: Buffer) => {
        output += bytes;
      });
    }
    const [exitCode] = (await once(child, "close")) as [number | null];
    const { registrations, outputs, logs } = monitor;
    return { exitCode, output, registrations, outputs, logs };
  } finally {
    monitor.close();
  }
}
