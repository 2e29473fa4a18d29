import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { objectLabels } from "../labels.ts";
import { PLATFORM_NAMESPACE, ROUTER_PORT } from "../names.ts";
import type { Platform } from "../platform.ts";
import { dnsWay, everyCell, onlyWays, platformPeer, type Way } from "./reach.ts";
import { Server } from "./server.ts";
import { SECRETS_ANNOTATION, SETTINGS_ANNOTATION, SettingsFile } from "./settings-file.ts";

/** What the model router needs. */
export interface RouterArgs {
  readonly platform: Platform;
  /** RouterSettings of the runtime. */
  readonly settings: unknown;
  /** Providers whose key is a file: name -> path below the environment's secrets folder. */
  readonly providerKeys: Readonly<Record<string, string>>;
  /** TCP ports of model endpoints outside the cluster; empty when only the echo model is used. */
  readonly externalPorts: readonly number[];
  readonly usesEchoModel: boolean;
}

/**
 * The only part that holds provider keys and the only one that may leave the cluster, to the ports of the configured
 * models and never to the cluster's own or the metadata service's addresses.
 *
 * Children: Secret (through the platform), ConfigMap, NetworkPolicy, Deployment, Service.
 */
export class Router extends Component {
  constructor(name: string, args: RouterArgs, opts?: ComponentResourceOptions) {
    super("breakwater:agents:Router", name, opts);
    const { platform } = args;
    const keys = Object.entries(args.providerKeys).map(([provider, path]) => [`${provider}.key`, path] as const);
    const secrets = platform.secretFiles(
      name,
      {
        namespace: PLATFORM_NAMESPACE,
        name: "router-secrets",
        files: { "tenant-keys.json": "platform/router-tenant-keys.json", ...Object.fromEntries(keys) },
      },
      this.child(),
    );
    const settings = new SettingsFile(
      name,
      {
        namespace: PLATFORM_NAMESPACE,
        name: "router-settings",
        labels: objectLabels("router"),
        files: { "settings.json": args.settings },
      },
      this.child(),
    );
    const walls = onlyWays(
      name,
      {
        namespace: PLATFORM_NAMESPACE,
        part: "router",
        from: [{ peers: [everyCell], port: ROUTER_PORT }],
        to: [dnsWay(platform.dns), ...modelWays(args)],
      },
      this.child(),
    );
    new Server(
      name,
      {
        part: "router",
        image: platform.image("router"),
        replicas: 1,
        port: ROUTER_PORT,
        args: ["--settings", "/etc/breakwater/settings.json"],
        memoryMiB: 512,
        annotations: { [SETTINGS_ANNOTATION]: settings.hash, [SECRETS_ANNOTATION]: secrets.fingerprint },
        volumes: [
          {
            volume: { name: "settings", configMap: { name: settings.name } },
            mountPath: "/etc/breakwater",
            readOnly: true,
          },
          {
            volume: { name: "secrets", secret: { secretName: "router-secrets", defaultMode: 0o440 } },
            mountPath: "/run/secrets/router",
            readOnly: true,
          },
        ],
      },
      this.child([secrets, settings.configMap, walls]),
    );
    this.registerOutputs();
  }
}

function modelWays({ platform, usesEchoModel, externalPorts }: RouterArgs): Way[] {
  const echo: Way[] = usesEchoModel ? [{ peers: [platformPeer("echo-model")], port: ROUTER_PORT }] : [];
  const outside = externalPorts.map((port) => ({
    peers: [{ ipBlock: { cidr: "0.0.0.0/0", except: [...platform.internalCidrs] } }],
    port,
  }));
  return [...echo, ...outside];
}
