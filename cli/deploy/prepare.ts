import { AUTHORITY } from "../../components/transport.ts";
import { sandboxAddress } from "../../stacks/sandboxes.ts";
import { madeSecrets, ownSecretNames } from "../../stacks/secrets.ts";
import { certifiedServers } from "../../stacks/transport.ts";
import { type Engine, ensureEngine, prepareEnvironment } from "../../tools/engine/index.ts";
import { type BuiltImage, ensureContexts, ensureImages } from "../../tools/images/index.ts";
import { ensureCommands } from "../../tools/packages.ts";
import type { Progress } from "../../tools/progress.ts";
import {
  type ApiKeyFiles,
  ensureCertificates,
  ensurePlatformSecrets,
  ensureSecrets,
  secretFolder,
} from "../../tools/secrets/index.ts";
import { requireSecretFiles } from "../../tools/secrets/required.ts";
import type { EnvironmentFile } from "../environment.ts";
import { imagesBuiltHere } from "./image-source.ts";

/** What this machine has ready before an engine runs. */
export interface Prepared {
  readonly engine: Engine;
  /** Images built on this machine; empty where the cloud's builder makes them. */
  readonly images: readonly BuiltImage[];
  readonly keyFiles: ApiKeyFiles;
}

/** What a topology needs of the images before its engine runs: all but contexts are built here. */
async function preparedImages(topology: string, progress: Progress): Promise<readonly BuiltImage[]> {
  const names = imagesBuiltHere(topology);
  if (names !== undefined) return ensureImages(progress, names);
  await ensureContexts(progress);
  return [];
}

/** Programs that build the images and make SSH keys and certificates; the node sees to its own. */
const PROGRAMS = { buildah: "buildah", mmdebstrap: "mmdebstrap", "ssh-keygen": "openssh-client", openssl: "openssl" };

/**
 * The same before every deployment, wherever it goes: secrets that only their owner can give are there, the others are
 * made, the engine is found and the images are built. Safe to repeat.
 *
 * @throws ProblemError `secrets/missing-file` before anything is built.
 */
export async function prepare({ name, settings }: EnvironmentFile, progress: Progress): Promise<Prepared> {
  await prepareEnvironment(name);
  requireSecretFiles(secretFolder(name), ownSecretNames(settings));
  await ensureCommands(PROGRAMS, progress);
  const engine = await ensureEngine(progress);
  const images = await preparedImages(settings.deployment.topology, progress);
  const tenants = settings.multi_tenant.tenants.map(({ id }) => ({ id, sandbox: sandboxAddress(id) }));
  const now = new Date();
  const keyFiles = ensureSecrets(name, tenants, now);
  ensureCertificates(name, { authority: AUTHORITY, servers: certifiedServers(settings) }, now);
  ensurePlatformSecrets(name, madeSecrets(settings), now);
  return { engine, images, keyFiles };
}
