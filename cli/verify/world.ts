import type { V1Pod } from "@kubernetes/client-node";
import type { FrontDoorClient } from "../deploy/front-door-client.ts";

/** A TCP address that an attack tries to reach. */
export interface Target {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** What a command in a pod printed. */
export interface Executed {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** A tenant as an attacker sees it. */
export interface TenantTargets {
  readonly id: string;
  readonly namespace: string;
  /** Service addresses and pod addresses, of OpenClaw and of the cell agent. */
  readonly cell: readonly Target[];
  readonly sandbox: readonly Target[];
}

/** A server inside, and a pod that may reach it. */
export interface Listener {
  readonly name: string;
  /** Name that its certificate is for. */
  readonly host: string;
  readonly port: number;
  /** File of the environment's authority in that pod. */
  readonly authority: string;
  /** Runs a command in that pod. */
  readonly run: (argv: readonly string[]) => Promise<Executed>;
}

/** A pod that the API server is asked to make, to put in the place of the one of its name, or to put containers into. */
export interface PodRequest {
  readonly how: "create" | "replace" | "debug";
  readonly pod: V1Pod;
}

/** What the checks act on: the deployment, through the same ways that people and agents have. */
export interface World {
  readonly tenants: readonly TenantTargets[];
  /** A client with the tenant's own key. */
  readonly client: (tenantId: string) => FrontDoorClient;
  /** Runs a command in the one pod of a tenant's part, as the user that the pod runs as. */
  readonly exec: (tenant: TenantTargets, part: "cell" | "sandbox", argv: readonly string[]) => Promise<Executed>;
  /** The one running pod of a tenant's part, as the API server has it. */
  readonly pod: (tenant: TenantTargets, part: "cell" | "sandbox") => Promise<V1Pod>;
  /** Why the API server refuses an operator's request, undefined where it does not. It is only asked: nothing changes. */
  readonly ask: (request: PodRequest) => Promise<string | undefined>;
  /** The API server, by its node address and by its Service. */
  readonly apiServer: readonly Target[];
  readonly router: Target;
  readonly database: {
    /** Its Service and its pod. */
    readonly targets: readonly Target[];
    /**
     * Runs one SQL statement over TCP as that user, with the password that the deployment made for it.
     * @param variables of libpq: how it connects.
     */
    readonly query: (
      user: "front_door" | "router" | "postgres",
      statement: string,
      variables?: Readonly<Record<string, string>>,
    ) => Promise<Executed>;
  };
  /** Every server inside that another part reaches by TLS. */
  readonly listeners: readonly Listener[];
  /** Those that the environment asks for. */
  readonly cipherSuites: readonly string[];
  /** The shared parts that no cell may reach. */
  readonly sharedParts: readonly Target[];
  /** Addresses outside the cluster. */
  readonly outside: readonly Target[];
}

/** Cloud metadata services answer here with the node's credentials. */
export const METADATA: Target = { name: "metadata service", host: "169.254.169.254", port: 80 };
