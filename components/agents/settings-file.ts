import { createHash } from "node:crypto";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { type Output, output } from "@pulumi/pulumi/output.js";
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
  readonly hash: Output<string>;
  /** The files as our own services find them. */
  readonly mounted: MountedVolume;

  /** @param files file name -> content: a text as it is, anything else as JSON; Outputs may stand anywhere in it. */
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
    const data = output(args.files as Record<string, unknown>).apply(rendered);
    this.name = args.name;
    this.hash = data.apply((texts) => createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 16));
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

function rendered(files: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([file, content]) => [
      file,
      typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`,
    ]),
  );
}
