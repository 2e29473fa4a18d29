import { basename, dirname } from "node:path";
import grpcService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { servePlugin } from "../plugin-server.ts";
import { planOnlyCalls } from "./calls.ts";
import { versionOf } from "./link.ts";

const version = versionOf(basename(dirname(process.argv[1] ?? "")));

servePlugin(
  grpcService.ResourceProviderService as unknown as Parameters<typeof servePlugin>[0],
  planOnlyCalls(version),
  () => {},
);
