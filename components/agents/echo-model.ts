import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { ECHO_MODEL_PORT, PLATFORM_NAMESPACE } from "../names.ts";
import type { Platform } from "../platform.ts";
import { certificateFiles } from "../transport.ts";
import { onlyWays, platformPeer } from "./reach.ts";
import { Server } from "./server.ts";
import { SECRETS_ANNOTATION } from "./settings-file.ts";

/** What the stand-in model needs. */
export interface EchoModelArgs {
  readonly platform: Platform;
  /** Of TLS 1.3, which it offers. */
  readonly cipherSuites: readonly string[];
}

const SECRETS = "echo-model-tls";
const TLS_FOLDER = "/run/secrets/echo-model";

/**
 * A labelled stand-in for a model: it repeats what it is asked and can request tool calls, so that everything around
 * a model can be tried without one. It exists only where a provider of kind `echo` is configured.
 *
 * Children: Secret (through the platform), NetworkPolicy, Deployment, Service.
 */
export class EchoModel extends Component {
  constructor(name: string, { platform, cipherSuites }: EchoModelArgs, opts?: ComponentResourceOptions) {
    super("breakwater:agents:EchoModel", name, opts);
    const walls = onlyWays(
      name,
      {
        namespace: PLATFORM_NAMESPACE,
        part: "echo-model",
        from: [{ peers: [platformPeer("router")], port: ECHO_MODEL_PORT }],
        to: [],
      },
      this.child(),
    );
    const secrets = platform.secretFiles(
      name,
      { namespace: PLATFORM_NAMESPACE, name: SECRETS, files: certificateFiles("platform/echo-model") },
      this.child(),
    );
    new Server(
      name,
      {
        part: "echo-model",
        image: platform.image("echo-model"),
        replicas: 1,
        placement: platform.placement("agents"),
        port: ECHO_MODEL_PORT,
        args: ["--port", String(ECHO_MODEL_PORT), "--tls", TLS_FOLDER, "--cipher-suites", cipherSuites.join(":")],
        memoryMiB: 256,
        annotations: { [SECRETS_ANNOTATION]: secrets.fingerprint },
        volumes: [
          {
            volume: { name: "tls", secret: { secretName: SECRETS, defaultMode: 0o440 } },
            mountPath: TLS_FOLDER,
            readOnly: true,
          },
        ],
      },
      this.child([secrets, walls]),
    );
    this.registerOutputs();
  }
}
