import { createRequire } from "node:module";
import grpcService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { servePlugin } from "../plugin-server.ts";
import { LanguageHost } from "./host.ts";

const { version } = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { version: string };
const engineAddress = process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "";
const host = new LanguageHost(engineAddress, version);

servePlugin(grpcService.LanguageRuntimeService as unknown as Parameters<typeof servePlugin>[0], host.calls(), () =>
  host.stop(),
);
