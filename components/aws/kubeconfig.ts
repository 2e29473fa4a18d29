import type { Cluster } from "@pulumi/aws/eks/cluster.js";
import { type Input, jsonStringify, type Output } from "@pulumi/pulumi/output.js";

/** How to reach a cluster. Holds no secret: whoever uses it proves to AWS who they are, each time. */
export function kubeconfigOf(
  { arn, endpoint, certificateAuthority, name }: Cluster,
  { region, roleArn }: { readonly region: string; readonly roleArn: Input<string> },
): Output<string> {
  const token = ["eks", "get-token", "--region", region, "--cluster-name", name, "--role-arn", roleArn];
  const authority = certificateAuthority.apply(({ data }) => data);
  return jsonStringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: arn, cluster: { server: endpoint, "certificate-authority-data": authority } }],
    contexts: [{ name: arn, context: { cluster: arn, user: arn } }],
    "current-context": arn,
    users: [
      {
        name: arn,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: "aws",
            args: token,
            interactiveMode: "Never",
          },
        },
      },
    ],
  });
}
