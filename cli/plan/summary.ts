import { resolveProvider, type Settings } from "@breakwater/runtime/settings";
import type { NodePool } from "../../components/demand.ts";
import { isMisfit, sizeOf } from "../../components/inference/sizing.ts";
import { homeOf } from "../../stacks/placement/jurisdiction.ts";
import { machineOf } from "../../stacks/placement/machines.ts";
import type { Place } from "../../stacks/placement/place.ts";

/** One pool of nodes as it will be. */
export interface PlannedPool {
  readonly pool: string;
  readonly min: number;
  readonly max: number;
  /** Machine type of the cloud; undefined where the machines are there already. */
  readonly machine: string | undefined;
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly gpus: { readonly kind: string; readonly count: number } | undefined;
}

/** What an environment comes down to, before any resource is named. */
export interface PlanSummary {
  readonly region: string;
  /** Country or region whose law holds there; undefined where only the company knows. */
  readonly jurisdiction: string | undefined;
  readonly people: number;
  readonly tenants: number;
  /** Minor version; undefined where the cluster is there already. */
  readonly kubernetes: string | undefined;
  /** Empty where everything runs on one machine. */
  readonly pools: readonly PlannedPool[];
  readonly sandboxes: string;
  readonly database: {
    readonly vcpus: number;
    readonly memoryGiB: number;
    readonly storageGiB: number;
    readonly standby: boolean;
    readonly backupDays: number;
  };
  readonly entry: { readonly exposure: string; readonly host: string | undefined; readonly port: number };
  /** Undefined where no vault is deployed. */
  readonly vault: { readonly servers: number; readonly unseal: string } | undefined;
  readonly providers: readonly {
    readonly name: string;
    readonly kind: string;
    readonly host: string;
    readonly internal: boolean;
  }[];
  readonly served: readonly {
    readonly name: string;
    readonly model: string;
    readonly gpus: string;
    readonly servers: number;
  }[];
}

/** Reads the summary off what the placement checks looked at, so that both speak of the same machines. */
export function summaryOf(place: Place): PlanSummary {
  const { settings, demand } = place;
  const { topology } = settings.deployment;
  const oneMachine = topology === "local";
  return {
    region: demand.region,
    jurisdiction: homeOf(place),
    people: demand.people,
    tenants: settings.multi_tenant.tenants.length,
    kubernetes: oneMachine || topology === "dgx" ? undefined : demand.kubernetesVersion,
    pools: oneMachine ? [] : demand.pools.map((pool) => plannedPool(pool, place)),
    sandboxes: demand.sandboxIsolation,
    database: {
      vcpus: demand.database.vcpus,
      memoryGiB: demand.database.memoryGiB,
      storageGiB: demand.database.storageGiB,
      standby: !oneMachine && topology !== "dgx" && demand.database.highAvailability,
      backupDays: demand.database.backupDays,
    },
    entry: { exposure: demand.entry.exposure, host: demand.entry.host, port: settings.front_door.port },
    vault: oneMachine ? undefined : { servers: settings.vault.replicas, unseal: demand.vaultUnseal },
    providers: providersOf(settings),
    served: servedOf(settings),
  };
}

function plannedPool(pool: NodePool, place: Place): PlannedPool {
  // Where nothing is sold the nodes are there already, of whatever type.
  const machine = place.region === undefined ? undefined : machineOf(pool, place);
  const gpu = machine?.gpu ?? (pool.gpu === undefined ? undefined : { kind: pool.gpu.kind, count: pool.gpu.perNode });
  return {
    pool: pool.name,
    min: pool.min,
    max: pool.max,
    machine: machine?.name,
    vcpus: machine?.vcpus ?? pool.vcpus,
    memoryGiB: machine?.memoryGiB ?? pool.memoryGiB,
    gpus: gpu,
  };
}

function providersOf({ model_providers }: Settings): PlanSummary["providers"] {
  return Object.entries(model_providers)
    .map(([name, entry]) => {
      const { kind, host, internal } = resolveProvider(entry);
      return { name, kind, host, internal };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function servedOf({ inference }: Settings): PlanSummary["served"] {
  return inference.models.map(({ name, model, precision, gpu, gpus, mig_profile: migProfile, replicas }) => {
    const size = sizeOf({ model, precision, gpu, gpus, migProfile });
    const count = isMisfit(size) ? "too few" : size.gpus;
    return {
      name,
      model,
      gpus: `${migProfile === undefined ? `${count} x ${gpu}` : `${migProfile} of ${gpu}`} in ${precision}`,
      servers: replicas,
    };
  });
}
