import { type ChildProcess, spawn } from "node:child_process";
import type grpc from "@grpc/grpc-js";
import lang from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { type Launch, launchPlugin, launchProgram, type PluginRequest, type ProgramRequest } from "./launch.ts";
import { outcomeOf } from "./outcome.ts";

type Unary<Request, Response> = grpc.handleUnaryCall<Request, Response>;

/** The calls of Pulumi's LanguageRuntime service that running programs and policy packs needs; others answer "unimplemented". */
export class LanguageHost {
  readonly #engineAddress: string;
  readonly #version: string;
  readonly #children = new Set<ChildProcess>();

  /** `version` is the SDK's own, or the engine warns at every run. */
  constructor(engineAddress: string, version: string) {
    this.#engineAddress = engineAddress;
    this.#version = version;
  }

  /** Ends every program and policy pack that still runs. */
  stop(): void {
    for (const child of this.#children) child.kill();
  }

  /** The table that a gRPC server serves. */
  calls(): grpc.UntypedServiceImplementation {
    const handshake: Unary<unknown, lang.LanguageHandshakeResponse> = (_, reply) =>
      reply(null, new lang.LanguageHandshakeResponse());
    const getPluginInfo: Unary<unknown, plugin.PluginInfo> = (_, reply) =>
      reply(null, new plugin.PluginInfo().setVersion(this.#version));
    const getRequiredPackages: Unary<unknown, lang.GetRequiredPackagesResponse> = (_, reply) =>
      reply(null, new lang.GetRequiredPackagesResponse());
    const getRequiredPlugins: Unary<unknown, lang.GetRequiredPluginsResponse> = (_, reply) =>
      reply(null, new lang.GetRequiredPluginsResponse());
    const about: Unary<unknown, lang.AboutResponse> = (_, reply) =>
      reply(null, new lang.AboutResponse().setExecutable(process.execPath).setVersion(process.version));
    const cancel: Unary<unknown, empty.Empty> = (_, reply) => {
      this.stop();
      reply(null, new empty.Empty());
    };
    const run: Unary<lang.RunRequest, lang.RunResponse> = (call, reply) => this.#run(call.request, reply);
    const runPlugin: grpc.handleServerStreamingCall<lang.RunPluginRequest, lang.RunPluginResponse> = (call) =>
      this.#runPlugin(call);
    return { handshake, getPluginInfo, getRequiredPackages, getRequiredPlugins, about, cancel, run, runPlugin };
  }

  #run(request: lang.RunRequest, reply: grpc.sendUnaryData<lang.RunResponse>): void {
    this.#start(
      () => launchProgram(readProgram(request, this.#engineAddress)),
      ["ignore", "inherit", "inherit"],
      (code, signal, failure) => {
        const { error, bail } = failure === undefined ? outcomeOf(code, signal) : { error: failure, bail: false };
        reply(null, new lang.RunResponse().setError(error ?? "").setBail(bail ?? false));
      },
    );
  }

  #runPlugin(call: grpc.ServerWritableStream<lang.RunPluginRequest, lang.RunPluginResponse>): void {
    const child = this.#start(
      () => launchPlugin(readPlugin(call.request)),
      ["ignore", "pipe", "pipe"],
      (code, _signal, failure) => {
        if (failure !== undefined) call.write(new lang.RunPluginResponse().setStderr(Buffer.from(`${failure}\n`)));
        call.write(new lang.RunPluginResponse().setExitcode(code ?? 1));
        call.end();
      },
    );
    child?.stdout?.on("data", (bytes: Buffer) => call.write(new lang.RunPluginResponse().setStdout(bytes)));
    child?.stderr?.on("data", (bytes: Buffer) => call.write(new lang.RunPluginResponse().setStderr(bytes)));
    call.on("cancelled", () => child?.kill());
  }

  /** Starts a process and reports its end exactly once, a failure to start included. */
  #start(
    decide: () => Launch,
    stdio: ["ignore", "inherit" | "pipe", "inherit" | "pipe"],
    ended: (code: number | null, signal: string | null, failure?: string) => void,
  ): ChildProcess | undefined {
    let launch: Launch;
    try {
      launch = decide();
    } catch (error) {
      ended(null, null, error instanceof Error ? error.message : String(error));
      return undefined;
    }
    const child = spawn(process.execPath, launch.args, {
      cwd: launch.cwd,
      env: { ...process.env, ...launch.environment },
      stdio,
    });
    this.#children.add(child);
    let reported = false;
    const report = (code: number | null, signal: string | null, failure?: string): void => {
      this.#children.delete(child);
      if (!reported) ended(code, signal, failure);
      reported = true;
    };
    child.once("error", (error) => report(null, null, `cannot start node in ${launch.cwd}: ${error.message}`));
    child.once("close", (code, signal) => report(code, signal));
    return child;
  }
}

function readProgram(request: lang.RunRequest, engineAddress: string): ProgramRequest {
  const info = request.getInfo();
  const options = info?.getOptions()?.toJavaScript() ?? {};
  return {
    engineAddress,
    monitorAddress: request.getMonitorAddress(),
    project: request.getProject(),
    stack: request.getStack(),
    organization: request.getOrganization(),
    pwd: request.getPwd(),
    programDirectory: info?.getProgramDirectory() || request.getPwd(),
    entryPoint: info?.getEntryPoint() ?? "",
    rootDirectory: info?.getRootDirectory() ?? "",
    parallel: request.getParallel(),
    dryRun: request.getDryrun(),
    args: request.getArgsList(),
    config: Object.fromEntries(request.getConfigMap().toArray()),
    secretKeys: request.getConfigsecretkeysList(),
    nodeArgs: typeof options["nodeargs"] === "string" ? options["nodeargs"] : "",
  };
}

function readPlugin(request: lang.RunPluginRequest): PluginRequest {
  const options = request.getInfo()?.getOptions()?.toJavaScript() ?? {};
  return {
    kind: request.getKind(),
    programDirectory: request.getInfo()?.getProgramDirectory() || request.getProgram(),
    pwd: request.getPwd(),
    args: request.getArgsList(),
    environment: request.getEnvList(),
    typescript: options["typescript"] !== false,
  };
}
