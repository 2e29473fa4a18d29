import { resolveProvider, type Settings } from "@breakwater/runtime/settings";
import { CELL_AGENT_MIB } from "../components/agents/cell.ts";
import type { Demand, NodePool } from "../components/demand.ts";
import { gpuPools } from "./gpu-pools.ts";
import { notifiedBy } from "./notified.ts";

/** People of each size. */
const PEOPLE = { small: 5, medium: 50, large: 500 } as const;

/** What kubelet, runtime and log collection keep of a node, in GiB. */
const RESERVED_GIB = 2;

/** The same of its processors. */
const RESERVED_VCPUS = 1;

/** Pods for which a node gets addresses, and those of them that run on every node whatever it is for. */
const PODS_PER_NODE = 40;
const OWN_PODS = 10;

/**
 * Volumes of a node that every cloud attaches to any machine type: the least is 16 with the system's own, on Alibaba
 * Cloud (alibabacloud.com/help/en/ecs/user-guide/limits, from memory 2026-11-24). What a chosen type attaches is checked.
 */
const VOLUMES_PER_NODE = 15;

/** Room for a roll-out beside what runs. */
const HEADROOM = 1.25;

/** Memory limit of one front door or model router, in MiB. */
const SERVER_MIB = 512;

/** How large nodes and database are up to a number of people. */
interface Step {
  readonly upTo: number;
  readonly node: { readonly vcpus: number; readonly memoryGiB: number };
  readonly system: { readonly vcpus: number; readonly memoryGiB: number };
  readonly database: { readonly vcpus: number; readonly memoryGiB: number };
}

const STEPS: readonly Step[] = [
  {
    upTo: 10,
    node: { vcpus: 4, memoryGiB: 16 },
    system: { vcpus: 2, memoryGiB: 8 },
    database: { vcpus: 2, memoryGiB: 4 },
  },
  {
    upTo: 100,
    node: { vcpus: 8, memoryGiB: 32 },
    system: { vcpus: 4, memoryGiB: 16 },
    database: { vcpus: 2, memoryGiB: 8 },
  },
  {
    upTo: Number.POSITIVE_INFINITY,
    node: { vcpus: 16, memoryGiB: 64 },
    system: { vcpus: 8, memoryGiB: 32 },
    database: { vcpus: 4, memoryGiB: 16 },
  },
];

/** How many people an environment is for. */
export function peopleOf({ deployment }: Settings): number {
  return deployment.people ?? PEOPLE[deployment.size];
}

/**
 * What an environment asks of the place it runs on. Pure: the same settings always ask for the same.
 *
 * @param environment name of the stack.
 */
export function demandOf(environment: string, settings: Settings): Demand {
  const { deployment, network, kubernetes, database, audit, vault } = settings;
  const people = peopleOf(settings);
  const step = stepFor(people);
  return {
    environment,
    architecture: deployment.architecture,
    region: deployment.region,
    zones: network.zones,
    people,
    owner: deployment.owner,
    dataClass: deployment.data_class,
    kubernetesVersion: kubernetes.version,
    network: { cidr: network.cidr, companyCidrs: network.company_cidrs },
    entry: { exposure: network.exposure, host: network.host, allowedCidrs: network.allowed_cidrs },
    egressHosts: egressHosts(settings),
    pools: [...cpuPools(settings, step), ...gpuPools(settings.inference.models)],
    sandboxIsolation: settings.openshell.isolation === "gvisor" ? "gvisor" : "kata",
    database: {
      ...step.database,
      storageGiB: database.storage_gib,
      highAvailability: database.high_availability ?? people > 10,
      backupDays: database.backup_days,
    },
    auditRetentionDays: audit.retention_days,
    accountHas: deployment.account_has,
    notify: notifiedBy(settings),
    vaultUnseal: vault.unseal ?? (deployment.topology === "dgx" ? "shamir" : "kms"),
    vaultTransitAddress: vault.transit_address,
  };
}

function stepFor(people: number): Step {
  const step = STEPS.find(({ upTo }) => people <= upTo);
  if (step === undefined) throw new Error(`no size for ${people} people`);
  return step;
}

function cpuPools(settings: Settings, { node, system }: Step): readonly NodePool[] {
  const { multi_tenant, cell, openshell, front_door, model_router } = settings;
  const tenants = multi_tenant.tenants.length;
  const servers = front_door.replicas + model_router.replicas;
  const agents = nodes(node, {
    memoryMiB: tenants * (cell.memory_mib + CELL_AGENT_MIB) + servers * SERVER_MIB,
    millicores: tenants * cell.cpu_request_millicores,
    pods: tenants + servers,
    volumes: tenants,
  });
  const sandboxes = nodes(node, {
    memoryMiB: tenants * openshell.execution.max_memory_mb,
    millicores: 0,
    pods: tenants,
    volumes: 0,
  });
  return [
    { name: "system", role: "system", ...system, min: 3, max: 6, podsPerNode: PODS_PER_NODE },
    { name: "agents", role: "agents", ...node, ...agents, podsPerNode: PODS_PER_NODE },
    { name: "sandbox", role: "sandbox", ...node, ...sandboxes, podsPerNode: PODS_PER_NODE },
  ];
}

/** What the pods of a pool need, all of them together. */
interface Need {
  readonly memoryMiB: number;
  readonly millicores: number;
  readonly pods: number;
  readonly volumes: number;
}

/**
 * As many nodes as the scarcest of what they have asks for, two at least so that one can be replaced, and twice that to
 * grow into.
 */
function nodes(
  node: { readonly vcpus: number; readonly memoryGiB: number },
  need: Need,
): { readonly min: number; readonly max: number } {
  const full = [
    (need.memoryMiB * HEADROOM) / ((node.memoryGiB - RESERVED_GIB) * 1024),
    (need.millicores * HEADROOM) / ((node.vcpus - RESERVED_VCPUS) * 1000),
    (need.pods * HEADROOM) / (PODS_PER_NODE - OWN_PODS),
    (need.volumes * HEADROOM) / VOLUMES_PER_NODE,
  ];
  const min = Math.max(2, Math.ceil(Math.max(...full)));
  return { min, max: min * 2 };
}

/** Exact names only: `dashscope.aliyuncs.com` is in mainland China and `dashscope-intl.aliyuncs.com` is not. */
function egressHosts({ deployment, model_providers, audit, monitoring }: Settings): readonly string[] {
  if (deployment.architecture === "B") return [];
  const providers = Object.values(model_providers)
    .map(resolveProvider)
    .flatMap(({ host, internal }) => (internal || host === "" ? [] : [host]));
  const destinations = audit.exports.flatMap((destination) => {
    if (destination.kind === "file") return [];
    return [destination.kind === "syslog" ? destination.host : new URL(destination.url).hostname];
  });
  const mail = monitoring?.smtp === undefined ? [] : [monitoring.smtp.host];
  return [...new Set([...providers, ...destinations, ...mail])].sort();
}
