import { Alias } from "@pulumi/alicloud/kms/alias.js";
import { Instance } from "@pulumi/alicloud/kms/instance.js";
import { Key } from "@pulumi/alicloud/kms/key.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept, slow } from "../resource-options.ts";
import { type AlibabaContext, named } from "./context.ts";
import type { Network } from "./network.ts";

/** What each key encrypts. One key a purpose, so that a right to use one opens nothing else. */
const PURPOSES = {
  cluster: "secrets of the Kubernetes API",
  volumes: "volumes, file systems and disks of nodes",
  database: "PostgreSQL",
  audit: "audit objects and the trail of the account",
  artifacts: "what nodes and images are made of",
  logs: "log stores",
  backup: "recovery points",
  vault: "the seal of OpenBao",
} as const;

export type KeyPurpose = keyof typeof PURPOSES;

const PURPOSE_NAMES = Object.keys(PURPOSES) as readonly KeyPurpose[];

/** Keys that a software key store can rotate allow 7 to 365 days (@pulumi/alicloud 3.108.0, read 2026-11-24). */
const ROTATION = "365d";
/** 7 to 366 days in which a deletion can be taken back. */
const DELETION_DAYS = 366;

/**
 * The customer keys of the environment in a key store of its own, which answers inside the network alone; each is rotated
 * once a year and cannot be deleted while it is protected.
 *
 * Children: KMS Instance; Key and Alias for each purpose. Cost: the instance by the hour, no price known.
 * Checked by: test/unit/components/alibaba/keys.test.ts.
 */
export class Keys extends Component {
  readonly #keys: ReadonlyMap<KeyPurpose, Key>;

  constructor(
    name: string,
    args: { readonly context: AlibabaContext; readonly network: Network },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:alibaba:Keys", name, opts);
    const { context, network } = args;
    // A key store is always in two zones; more makes it no safer, one makes every later plan replace it.
    const [first, second] = context.zones;
    const store = new Instance(
      name,
      {
        instanceName: named(context, "keyStore", "keys"),
        paymentType: "PayAsYouGo",
        productVersion: "3",
        vpcId: network.vpc.id,
        zoneIds: [first.zone, second.zone],
        vswitchIds: [network.switchOf("data", first).id, network.switchOf("data", second).id],
        deletionProtection: true,
        log: "1",
        tags: context.tags,
      },
      kept(slow(this.child())),
    );
    this.#keys = new Map(PURPOSE_NAMES.map((purpose) => [purpose, this.#key(name, context, { store, purpose })]));
    this.registerOutputs();
  }

  of(purpose: KeyPurpose): Key {
    const key = this.#keys.get(purpose);
    if (key === undefined) throw new Error(`no key ${purpose}`);
    return key;
  }

  #key(name: string, context: AlibabaContext, { store, purpose }: { store: Instance; purpose: KeyPurpose }): Key {
    const key = new Key(
      `${name}-${purpose}`,
      {
        description: `${context.demand.environment}: ${PURPOSES[purpose]}`,
        dkmsInstanceId: store.id,
        keySpec: "Aliyun_AES_256",
        keyUsage: "ENCRYPT/DECRYPT",
        origin: "Aliyun_KMS",
        automaticRotation: "Enabled",
        rotationInterval: ROTATION,
        deletionProtection: "Enabled",
        deletionProtectionDescription: `Breakwater environment ${context.demand.environment} cannot read its data without it.`,
        pendingWindowInDays: DELETION_DAYS,
        tags: context.tags,
      },
      kept(this.child()),
    );
    new Alias(
      `${name}-${purpose}`,
      { aliasName: `alias/${named(context, "alias", purpose)}`, keyId: key.id },
      this.child(),
    );
    return key;
  }
}
