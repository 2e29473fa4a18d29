import { chmod, mkdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ApiClient, ApiError } from "./api.ts";
import {
  type Claim,
  isOwnFolder,
  type Volume,
  type VolumeAction,
  volumeActions,
  volumeFor,
  volumeName,
} from "./volumes.ts";

/** The node's storage: gives each claim of StorageClass `local` a folder, and deletes it with the claim. */

const claimsPath = "/api/v1/persistentvolumeclaims";
const volumesPath = "/api/v1/persistentvolumes";

interface List<Item> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly Item[];
}

const { values } = parseArgs({
  options: {
    kubeconfig: { type: "string" },
    volumes: { type: "string" },
    node: { type: "string" },
    "health-port": { type: "string" },
  },
});

function required(name: keyof typeof values): string {
  const value = values[name];
  if (value === undefined || value === "") throw new Error(`--${name} is missing`);
  return value;
}

const folder = required("volumes");
const node = required("node");
const api = await ApiClient.fromKubeconfig(required("kubeconfig"));
let healthy = false;

createServer((_, response) => response.writeHead(healthy ? 200 : 503).end()).listen(
  Number(required("health-port")),
  "127.0.0.1",
);

function log(message: string): void {
  process.stdout.write(`${new Date().toISOString()} ${message}\n`);
}

async function act(action: VolumeAction): Promise<void> {
  if (action.kind === "provision") {
    const path = `${folder}/${volumeName(action.claim)}`;
    await mkdir(path, { recursive: true });
    // The group of a pod's fsGroup gets in; nobody else does.
    await chmod(path, 0o770);
    await api.call("POST", volumesPath, volumeFor(action.claim, folder, node));
    log(`provisioned ${volumeName(action.claim)} for ${action.claim.metadata.namespace}/${action.claim.metadata.name}`);
    return;
  }
  if (!isOwnFolder(action.volume, folder)) throw new Error(`${action.volume.metadata.name}: not a folder of ours`);
  await rm(`${folder}/${action.volume.metadata.name}`, { recursive: true, force: true });
  await api.call("DELETE", `${volumesPath}/${action.volume.metadata.name}`);
  log(`reclaimed ${action.volume.metadata.name}`);
}

/** Does everything that is to be done and answers the versions from which to watch. */
async function settle(): Promise<readonly [string, string]> {
  const claims = await api.call<List<Claim>>("GET", claimsPath);
  const volumes = await api.call<List<Volume>>("GET", volumesPath);
  const failures: unknown[] = [];
  for (const action of volumeActions(claims.items, volumes.items)) {
    await act(action).catch((error: unknown) => {
      // 404 and 409: the object changed meanwhile, and the watch brings us back.
      if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 409)) failures.push(error);
    });
  }
  // One bad volume does not stop the others, but it makes the provisioner unready and is tried again.
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join("; "));
  return [claims.metadata.resourceVersion, volumes.metadata.resourceVersion];
}

async function run(): Promise<never> {
  for (;;) {
    try {
      const [claimVersion, volumeVersion] = await settle();
      healthy = true;
      await firstChange(claimVersion, volumeVersion);
    } catch (error) {
      healthy = false;
      log(`not settled: ${error instanceof Error ? error.message : String(error)}`);
      await wait(500);
    }
  }
}

/** Resolves at the first change of a claim or volume, or when a watch ends. */
async function firstChange(claimVersion: string, volumeVersion: string): Promise<void> {
  const stop = new AbortController();
  try {
    await Promise.race([
      api.watch(claimsPath, claimVersion, stop.signal),
      api.watch(volumesPath, volumeVersion, stop.signal),
    ]);
  } finally {
    stop.abort();
  }
}

await run();
