import type { InputFailure } from "./secret-inputs.ts";

/** A resource's properties as they cross the wire. */
export type Properties = Readonly<Record<string, unknown>>;

/** Inputs with what the check adds to them, and what is wrong with them. */
export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly InputFailure[];
}

/** What a change means for what is deployed. */
export interface Diff {
  readonly changed: readonly string[];
  /** Those of `changed` that cannot change in place. */
  readonly replaces: readonly string[];
}

/** The life of the resources of one type; state is what the engine keeps of them. */
export interface ResourceKind {
  /** Validates; never reaches out, so that it works in a preview. */
  check(news: Properties): Checked;
  diff(olds: Properties, news: Properties): Diff;
  /** The state as far as it is known before anything is made. */
  preview(inputs: Properties): Properties;
  create(inputs: Properties): Promise<{ readonly id: string; readonly state: Properties }>;
  update(state: Properties, inputs: Properties): Promise<Properties>;
  /** Undefined when it is gone. */
  read(state: Properties): Promise<Properties | undefined>;
  delete(state: Properties): Promise<void>;
}
