import grpcService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { servePlugin } from "../plugin-server.ts";
import { providerCalls } from "./calls.ts";
import { kubeCluster } from "./secret-cluster.ts";
import { SecretFilesResource } from "./secret-files.ts";
import { secretSource } from "./secret-source.ts";
import { PROVIDER_VERSION } from "./version.ts";

const resource = new SecretFilesResource({
  source: () => secretSource(process.env),
  cluster: kubeCluster(process.env["KUBECONFIG"]),
});

servePlugin(
  grpcService.ResourceProviderService as unknown as Parameters<typeof servePlugin>[0],
  providerCalls(resource, PROVIDER_VERSION),
  () => {},
);
