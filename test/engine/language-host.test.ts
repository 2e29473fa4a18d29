import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/language_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ENGINE_BIN } from "../../tools/engine/engine.ts";
import { projectRoot } from "../../tools/paths.ts";
import { type Plugin, startPlugin } from "../support/child.ts";
import { ask } from "../support/grpc.ts";
import { type Monitor, startMonitor } from "../support/monitor.ts";

const PROGRAM = join(projectRoot, "test", "fixtures", "engine", "program");

let monitor: Monitor;
let host: Plugin;
let client: languageService.LanguageRuntimeClient;

beforeEach(async () => {
  monitor = await startMonitor("engine-fixture", "test");
  host = await startPlugin(join(ENGINE_BIN, "pulumi-language-nodejs"), [monitor.address]);
  client = new languageService.LanguageRuntimeClient(host.address, grpc.credentials.createInsecure());
});

afterEach(async () => {
  client.close();
  await host.close();
  monitor.close();
});

function run(config: Readonly<Record<string, string>>, folder = PROGRAM): Promise<proto.RunResponse> {
  const options = struct.Struct.fromJavaScript({ typescript: false, nodeargs: "--import tsx --stack-trace-limit=0" });
  const info = new proto.ProgramInfo()
    .setRootDirectory(folder)
    .setProgramDirectory(folder)
    .setEntryPoint(".")
    .setOptions(options);
  const request = new proto.RunRequest()
    .setProject("engine-fixture")
    .setStack("test")
    .setOrganization("organization")
    .setPwd(folder)
    .setParallel(4)
    .setDryrun(true)
    .setMonitorAddress(monitor.address)
    .setConfigsecretkeysList(["engine-fixture:password"])
    .setInfo(info);
  for (const [key, value] of Object.entries(config)) request.getConfigMap().set(`engine-fixture:${key}`, value);
  return ask<proto.RunRequest, proto.RunResponse>(client, client.run, request);
}

test("the host answers the engine's handshake and names the SDK's version", async () => {
  await ask(client, client.handshake, new proto.LanguageHandshakeRequest());
  const info = await ask<empty.Empty, { getVersion(): string }>(client, client.getPluginInfo, new empty.Empty());
  expect(info.getVersion()).toBe("3.248.0");
});

test("a TypeScript program runs unbuilt and registers its resources", async () => {
  const response = await run({});
  expect([response.getError(), response.getBail()]).toEqual(["", false]);
  expect(monitor.registrations.map(({ type, name }) => `${type} ${name}`)).toEqual([
    "pulumi:pulumi:Stack engine-fixture-test",
    "fixture:index:Box box",
    "breakwater:index:SecretFiles keys",
  ]);
});

test("configuration reaches the program, and a secret value stays marked as secret", async () => {
  await run({ greeting: "hello", password: "s3cret" });
  const outputs = monitor.outputs.get("urn:pulumi:test::engine-fixture::pulumi:pulumi:Stack::engine-fixture-test");
  expect(outputs?.["greeting"]).toBe("hello");
  expect(outputs?.["password"]).toEqual({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value: "s3cret",
  });
});

test("a failing program is a failure that names its own error once", async () => {
  const response = await run({ fail: "true" });
  expect([response.getError(), response.getBail()]).toEqual(["", true]);
  expect(monitor.logs.filter((line) => line.includes("the program was told to fail"))).toHaveLength(1);
});

test("a program killed from outside is never reported as finished", async () => {
  const response = await run({ dieBy: "SIGKILL" });
  expect(response.getError()).toBe("the program was ended by SIGKILL");
});

test("a folder without the SDK is refused with the module that is missing", async () => {
  const response = await run({}, "/");
  expect(response.getError()).toContain("Cannot find module '@pulumi/pulumi/cmd/run'");
});
