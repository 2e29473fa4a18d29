import { createHash } from "node:crypto";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import type { MountedVolume } from "./server.ts";

/** Annotation that makes pods roll when a file they read at start has changed. */
export const SETTINGS_ANNOTATION = "breakwater.dev/settings";
/** Annotation that makes pods roll when a secret they read at start has changed; holds a fingerprint. */
export const SECRETS_ANNOTATION = "breakwater.dev/secrets";

/** Settings as the files that a pod mounts. Nothing secret belongs here: the runtime's settings name files instead. */
export class SettingsFile {
  readonly configMap: ConfigMap;
  readonly name: string;
  /** Changes when any file does. */
  readonly hash: string;
  /** The files as our own services find them. */
  readonly mounted: MountedVolume;

  /** @param files file name -> content, written as JSON. */
  constructor(
    logicalName: string,
    args: {
      readonly namespace: string;
      readonly name: string;
      readonly labels: Record<string, string>;
      readonly files: Readonly<Record<string, unknown>>;
    },
    opts: CustomResourceOptions,
  ) {
    const data = Object.fromEntries(
      Object.entries(args.files).map(([file, content]) => [file, `${JSON.stringify(content, null, 2)}\n`]),
    );
    this.name = args.name;
    this.hash = createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 16);
    this.mounted = {
      volume: { name: "settings", configMap: { name: args.name } },
      mountPath: "/etc/breakwater",
      readOnly: true,
    };
    this.configMap = new ConfigMap(
      logicalName,
      { metadata: { name: args.name, namespace: args.namespace, labels: args.labels }, data },
      opts,
    );
  }
}
