import type { input } from "@pulumi/kubernetes/types/index.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { modelServers } from "../inference/walls.ts";
import { objectLabels } from "../labels.ts";
import { ECHO_MODEL_PORT, operationsPort, PLATFORM_NAMESPACE, ROUTER_PORT } from "../names.ts";
import type { CreatedDatabase, Platform } from "../platform.ts";
import { AuditVolume } from "./audit-volume.ts";
import { settingsFiles } from "./database-settings.ts";
import { outsideWays } from "./outside.ts";
import { dnsWay, everyCell, onlyWays, platformPeer, scrapeWays, type Way } from "./reach.ts";
import { Server } from "./server.ts";
import { SECRETS_ANNOTATION, SETTINGS_ANNOTATION, SettingsFile } from "./settings-file.ts";

/** What the model router needs. */
export interface RouterArgs {
  readonly platform: Platform;
  /** RouterSettings of the runtime. */
  readonly settings: Readonly<{ database: object }>;
  readonly database: CreatedDatabase;
  /** File that the settings name -> path below the environment's secrets folder. */
  readonly secretFiles: Readonly<Record<string, string>>;
  readonly replicas: number;
  /** Who reads metrics on the second port. @default nobody */
  readonly scrapers?: readonly input.networking.v1.NetworkPolicyPeer[];
  /** TCP ports outside the cluster: those of model endpoints and of the systems that audit records are shipped to. */
  readonly externalPorts: readonly number[];
  /** TCP ports of model servers in the cluster's own namespace of them. */
  readonly modelPorts: readonly number[];
  readonly usesEchoModel: boolean;
}

/** Longest answer of a model that may still run when the pod is told to stop, with room for its settlement. */
const GRACE_SECONDS = 320;

/**
 * The only part that holds provider keys and the only one that may reach models outside the cluster, on the ports of
 * the configured ones and never at the cluster's own or the metadata service's addresses.
 *
 * Children: Secret (through the platform), ConfigMap, PersistentVolumeClaim, NetworkPolicy, StatefulSet, Service,
 * PodDisruptionBudget.
 */
export class Router extends Component {
  constructor(name: string, args: RouterArgs, opts?: ComponentResourceOptions) {
    super("breakwater:agents:Router", name, opts);
    const { platform } = args;
    const secrets = platform.secretFiles(
      name,
      { namespace: PLATFORM_NAMESPACE, name: "router-secrets", files: args.secretFiles },
      this.child(),
    );
    const settings = new SettingsFile(
      name,
      {
        namespace: PLATFORM_NAMESPACE,
        name: "router-settings",
        labels: objectLabels("router"),
        files: settingsFiles(args.settings, platform.database, args.database),
      },
      this.child(),
    );
    const audit = new AuditVolume(
      `${name}-audit`,
      { platform, part: "router", claimName: "router-audit" },
      this.child(),
    );
    const { database } = platform;
    const walls = onlyWays(
      name,
      {
        namespace: PLATFORM_NAMESPACE,
        part: "router",
        from: [{ peers: [everyCell], port: ROUTER_PORT }, ...scrapeWays(args.scrapers ?? [], ROUTER_PORT)],
        to: [{ peers: database.peers, port: database.port }, dnsWay(platform.dns), ...modelWays(args)],
      },
      this.child(),
    );
    new Server(
      name,
      {
        part: "router",
        image: platform.image("router"),
        replicas: args.replicas,
        placement: platform.placement("agents"),
        stableNames: true,
        port: ROUTER_PORT,
        operationsPort: operationsPort(ROUTER_PORT),
        args: ["--settings", "/etc/breakwater/settings.json"],
        memoryMiB: 512,
        graceSeconds: GRACE_SECONDS,
        annotations: { [SETTINGS_ANNOTATION]: settings.hash, [SECRETS_ANNOTATION]: secrets.fingerprint },
        volumes: [
          settings.mounted,
          {
            volume: { name: "secrets", secret: { secretName: "router-secrets", defaultMode: 0o440 } },
            mountPath: "/run/secrets/router",
            readOnly: true,
          },
          audit.mounted,
        ],
      },
      this.child([secrets, settings.configMap, audit.claim, walls]),
    );
    this.registerOutputs();
  }
}

function modelWays({ platform, usesEchoModel, externalPorts, modelPorts }: RouterArgs): readonly Way[] {
  const echo: Way[] = usesEchoModel ? [{ peers: [platformPeer("echo-model")], port: ECHO_MODEL_PORT }] : [];
  const served = modelPorts.map((port) => ({ peers: [modelServers], port }));
  return [...echo, ...served, ...outsideWays(platform, externalPorts)];
}
