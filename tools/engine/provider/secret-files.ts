import type { Checked, Diff, Properties, ResourceKind } from "./resource-kind.ts";
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

/** What the provider reads from the world. */
export interface SecretFilesWorld {
  readonly source: () => SecretSource | InputFailure;
  /** The cluster that the text of a kubeconfig leads to; undefined: that of the deploying machine. */
  readonly cluster: (kubeconfig: string | undefined) => SecretCluster;
}

/**
 * The life of one `SecretFiles` resource: content goes from the files straight to the cluster, and only paths and a
 * fingerprint are ever returned.
 */
export class SecretFilesResource implements ResourceKind {
  readonly #world: SecretFilesWorld;

  constructor(world: SecretFilesWorld) {
    this.#world = world;
  }

  /** Validates and adds the fingerprint. Reads files, never the cluster, so it works in a preview. */
  check(news: Properties): Checked {
    const shape = shapeFailures(news);
    if (shape.length > 0) return { inputs: news, failures: shape };
    const source = this.#world.source();
    if ("reason" in source) return { inputs: news, failures: [source] };
    const inputs = readInputs(news);
    if (isUnknown(inputs.files)) return { inputs: news, failures: [] };
    const { content, failures } = readSecretFiles(source, inputs.files);
    return { inputs: { ...news, fingerprint: fingerprint(source, content) }, failures };
  }

  diff(olds: Properties, news: Properties): Diff {
    const changed = changedFields(olds, news);
    return { changed, replaces: changed.filter((field) => field === "namespace" || field === "name") };
  }

  /** Refuses to take over a Secret that another tool made. */
  async create(inputs: Properties): Promise<{ readonly id: string; readonly state: Properties }> {
    await this.#apply(readInputs(inputs), inputs["fingerprint"], false);
    return { id: `${inputs["namespace"]}/${inputs["name"]}`, state: inputs };
  }

  /** The fingerprint is known from the check. */
  preview(inputs: Properties): Properties {
    return inputs;
  }

  /** Wins back what somebody else changed in the Secret. */
  async update(_state: Properties, inputs: Properties): Promise<Properties> {
    await this.#apply(readInputs(inputs), inputs["fingerprint"], true);
    return inputs;
  }

  async delete(state: Properties): Promise<void> {
    const { namespace, name, kubeconfig } = readInputs(state);
    await this.#world.cluster(kubeconfig).remove(namespace, name);
  }

  /** The state of the live Secret: another fingerprint when its content differs, undefined when it is gone. */
  async read(state: Properties): Promise<Properties | undefined> {
    const { namespace, name, labels, kubeconfig } = readInputs(state);
    const live = await this.#world.cluster(kubeconfig).read(namespace, name);
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
    await this.#world.cluster(inputs.kubeconfig).apply({ ...inputs, content }, takeOver);
  }

  #usableSource(): SecretSource {
    const source = this.#world.source();
    if ("reason" in source) throw new Error(source.reason);
    return source;
  }
}
