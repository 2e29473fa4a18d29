import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { ECHO_MODEL_PORT, PLATFORM_NAMESPACE } from "../names.ts";
import type { Platform } from "../platform.ts";
import { onlyWays, platformPeer } from "./reach.ts";
import { Server } from "./server.ts";

/** What the stand-in model needs. */
export interface EchoModelArgs {
  readonly platform: Platform;
}

/**
 * A labelled stand-in for a model: it repeats what it is asked and can request tool calls, so that everything around
 * a model can be tried without one. It exists only where a provider of kind `echo` is configured.
 */
export class EchoModel extends Component {
  constructor(name: string, { platform }: EchoModelArgs, opts?: ComponentResourceOptions) {
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
    new Server(
      name,
      {
        part: "echo-model",
        image: platform.image("echo-model"),
        replicas: 1,
        placement: platform.placement("agents"),
        port: ECHO_MODEL_PORT,
        args: ["--port", String(ECHO_MODEL_PORT)],
        memoryMiB: 256,
        annotations: {},
        volumes: [],
      },
      this.child(walls),
    );
    this.registerOutputs();
  }
}
