import type { input } from "@pulumi/kubernetes/types/index.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { objectLabels } from "../labels.ts";
import { CELL_AGENT_PORT, CELL_PORT, FRONT_DOOR_PORT, operationsPort, PLATFORM_NAMESPACE } from "../names.ts";
import type { CreatedDatabase, Entry, Platform } from "../platform.ts";
import { AuditVolume } from "./audit-volume.ts";
import { settingsFiles } from "./database-settings.ts";
import { outsideWays } from "./outside.ts";
import { dnsWay, everyCell, onlyWays, scrapeWays } from "./reach.ts";
import { Server } from "./server.ts";
import { SECRETS_ANNOTATION, SETTINGS_ANNOTATION, SettingsFile } from "./settings-file.ts";

/** What the front door needs. */
export interface FrontDoorArgs {
  readonly platform: Platform;
  /** FrontDoorSettings of the runtime. */
  readonly settings: Readonly<{ database: object }>;
  readonly database: CreatedDatabase;
  /** File that the settings name -> path below the environment's secrets folder. */
  readonly secretFiles: Readonly<Record<string, string>>;
  readonly replicas: number;
  /** Who reads metrics on the second port. @default nobody */
  readonly scrapers?: readonly input.networking.v1.NetworkPolicyPeer[];
  /** TCP ports of the systems outside that audit records are shipped to. */
  readonly externalPorts: readonly number[];
}

/**
 * The one way in: it knows who asks, for which tenant, whether they may, and writes it down. Stateless but for the
 * audit log, one append-only file per replica on a volume that all replicas read; keys and agents are in the database.
 *
 * Children: two Secrets (through the platform), ConfigMap, PersistentVolumeClaim, NetworkPolicy, StatefulSet, Service,
 * PodDisruptionBudget.
 */
export class FrontDoor extends Component {
  constructor(name: string, args: FrontDoorArgs, opts?: ComponentResourceOptions) {
    super("breakwater:agents:FrontDoor", name, opts);
    const { platform } = args;
    const labels = objectLabels("front-door");

    const secrets = platform.secretFiles(
      name,
      { namespace: PLATFORM_NAMESPACE, name: "front-door-secrets", files: args.secretFiles },
      this.child(),
    );
    // Apart from the other secrets, because a new key must not restart anything: the front door reads it again.
    const keys = platform.secretFiles(
      `${name}-keys`,
      { namespace: PLATFORM_NAMESPACE, name: "front-door-keys", files: { "api-keys.json": "platform/api-keys.json" } },
      this.child(),
    );
    const settings = new SettingsFile(
      name,
      {
        namespace: PLATFORM_NAMESPACE,
        name: "front-door-settings",
        labels,
        files: settingsFiles(args.settings, platform.database, args.database),
      },
      this.child(),
    );
    const audit = new AuditVolume(`${name}-audit`, { platform, part: "front-door", claimName: "audit" }, this.child());
    const walls = this.#walls(name, args);
    const { entry } = platform;
    const server = new Server(
      name,
      {
        part: "front-door",
        image: platform.image("front-door"),
        replicas: args.replicas,
        placement: platform.placement("agents"),
        stableNames: true,
        port: FRONT_DOOR_PORT,
        operationsPort: operationsPort(FRONT_DOOR_PORT),
        args: ["--settings", "/etc/breakwater/settings.json"],
        memoryMiB: 512,
        // A turn that runs when the pod is told to stop may still take as long as a turn may take.
        graceSeconds: 330,
        annotations: { [SETTINGS_ANNOTATION]: settings.hash, [SECRETS_ANNOTATION]: secrets.fingerprint },
        volumes: [settings.mounted, mountedSecrets, audit.mounted],
        service: entryService(entry),
        ...(entry.annotations === undefined ? {} : { serviceAnnotations: entry.annotations }),
      },
      this.child([secrets, keys, settings.configMap, audit.claim, walls]),
    );
    entry.bind?.(server.service, this.child());
    this.registerOutputs();
  }

  #walls(name: string, { platform, externalPorts, scrapers = [] }: FrontDoorArgs) {
    const { database } = platform;
    return onlyWays(
      name,
      {
        namespace: PLATFORM_NAMESPACE,
        part: "front-door",
        from: [{ peers: platform.entry.peers, port: FRONT_DOOR_PORT }, ...scrapeWays(scrapers, FRONT_DOOR_PORT)],
        to: [
          { peers: [everyCell], port: CELL_PORT },
          { peers: [everyCell], port: CELL_AGENT_PORT },
          { peers: database.peers, port: database.port },
          dnsWay(platform.dns),
          ...outsideWays(platform, externalPorts),
        ],
      },
      this.child(),
    );
  }
}

/** What the platform's way in asks of the Service. */
function entryService({ type, nodePort, loadBalancerClass }: Entry): Partial<input.core.v1.ServiceSpec> {
  const port = { name: "http", port: FRONT_DOOR_PORT, targetPort: "http" };
  return {
    type,
    ports: [nodePort === undefined ? port : { ...port, nodePort }],
    ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
  };
}

const mountedSecrets = {
  volume: {
    name: "secrets",
    projected: {
      defaultMode: 0o440,
      sources: [{ secret: { name: "front-door-secrets" } }, { secret: { name: "front-door-keys" } }],
    },
  },
  mountPath: "/run/secrets/front-door",
  readOnly: true,
};
