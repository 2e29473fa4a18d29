import grpcService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { servePlugin } from "../plugin-server.ts";
import { ADMIN_PASSWORD, AdminPasswordResource } from "./admin-password.ts";
import { providerCalls, type ResourceKinds } from "./calls.ts";
import type { ResourceKind } from "./resource-kind.ts";
import { kubeCluster } from "./secret-cluster.ts";
import { SecretFilesResource } from "./secret-files.ts";
import { SECRET_FILES } from "./secret-inputs.ts";
import { secretSource } from "./secret-source.ts";
import { PROVIDER_VERSION } from "./version.ts";

const deployingMachine = kubeCluster({ path: process.env["KUBECONFIG"] });

const kinds: ResourceKinds = new Map<string, ResourceKind>([
  [
    SECRET_FILES,
    new SecretFilesResource({
      source: () => secretSource(process.env),
      cluster: (text) => (text === undefined ? deployingMachine : kubeCluster({ text })),
    }),
  ],
  [ADMIN_PASSWORD, new AdminPasswordResource()],
]);

servePlugin(
  grpcService.ResourceProviderService as unknown as Parameters<typeof servePlugin>[0],
  providerCalls(kinds, PROVIDER_VERSION),
  () => {},
);
