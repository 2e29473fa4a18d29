import type { SecretCluster } from "./secret-cluster.ts";
import {
  changedFields,
  type InputFailure,
  isUnknown,
  readInputs,
  type SecretFilesInputs,
  shapeFailures,
} from "./secret-inputs.ts";
import { fingerprint, readSecretFiles, type SecretSource } from "./secret-source.ts";

/** A resource's properties as they cross the wire. */
export type Properties = Readonly<Record<string, unknown>>;

/** What the provider reads from the world. */
export interface SecretFilesWorld {
  readonly source: () => SecretSource | InputFailure;
  readonly cluster: SecretCluster;
}

/** What a change means for the deployed Secret. */
export interface SecretDiff {
  readonly changed: readonly string[];
  /** Those of `changed` that a Secret cannot change in place. */
  readonly replaces: readonly string[];
}

/**
 * The life of one `SecretFiles` resource: content goes from the files straight to the cluster, and only paths and a
 * fingerprint are ever returned.
 */
export class SecretFilesResource {
  readonly #world: SecretFilesWorld;

  constructor(world: SecretFilesWorld) {
    this.#world = world;
  }

  /** Validates and adds the fingerprint. Reads files, never the cluster, so it works in a preview. */
  check(news: Properties): { readonly inputs: Properties; readonly failures: readonly InputFailure[] } {
    const shape = shapeFailures(news);
    if (shape.length > 0) return { inputs: news, failures: shape };
    const source = this.#world.source();
    if ("reason" in source) return { inputs: news, failures: [source] };
    const inputs = readInputs(news);
    if (isUnknown(inputs.files)) return { inputs: news, failures: [] };
    const { content, failures } = readSecretFiles(source, inputs.files);
    return { inputs: { ...news, fingerprint: fingerprint(source, content) }, failures };
  }

  diff(olds: Properties, news: Properties): SecretDiff {
    const changed = changedFields(olds, news);
    return { changed, replaces: changed.filter((field) => field === "namespace" || field === "name") };
  }

  /** Refuses to take over a Secret that another tool made. */
  async create(inputs: Properties): Promise<{ readonly id: string; readonly state: Properties }> {
    await this.#apply(readInputs(inputs), inputs["fingerprint"], false);
    return { id: `${inputs["namespace"]}/${inputs["name"]}`, state: inputs };
  }

  /** Wins back what somebody else changed in the Secret. */
  async update(inputs: Properties): Promise<Properties> {
    await this.#apply(readInputs(inputs), inputs["fingerprint"], true);
    return inputs;
  }

  async delete(state: Properties): Promise<void> {
    const { namespace, name } = readInputs(state);
    await this.#world.cluster.remove(namespace, name);
  }

  /** The state of the live Secret: another fingerprint when its content differs, undefined when it is gone. */
  async read(state: Properties): Promise<Properties | undefined> {
    const { namespace, name, labels } = readInputs(state);
    const live = await this.#world.cluster.read(namespace, name);
    if (live === undefined) return undefined;
    const source = this.#usableSource();
    const kept = Object.keys(labels).flatMap((key) =>
      live.labels[key] === undefined ? [] : [[key, live.labels[key]]],
    );
    const found = { ...state, fingerprint: fingerprint(source, live.content) };
    return "labels" in state ? { ...found, labels: Object.fromEntries(kept) } : found;
  }

  async #apply(inputs: SecretFilesInputs, expected: unknown, takeOver: boolean): Promise<void> {
    const source = this.#usableSource();
    const { content, failures } = readSecretFiles(source, inputs.files);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
    if (fingerprint(source, content) !== expected) {
      throw new Error(
        `[secrets/changed] ${inputs.namespace}/${inputs.name}: got files that changed after they were checked; expected the checked content; run it again`,
      );
    }
    await this.#world.cluster.apply({ ...inputs, content }, takeOver);
  }

  #usableSource(): SecretSource {
    const source = this.#world.source();
    if ("reason" in source) throw new Error(source.reason);
    return source;
  }
}
