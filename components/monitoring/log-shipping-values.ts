import type { input } from "@pulumi/kubernetes/types/index.js";
import { type Input, interpolate } from "@pulumi/pulumi/output.js";
import { CHART_IMAGES, type Mirror } from "./images.ts";

/** Where the logs of our pods go: one of the destinations of the audit log. */
export interface LogDestination {
  readonly kind: "splunk" | "elasticsearch";
  readonly host: string;
  readonly port: number;
  readonly isEncrypted: boolean;
  /** Index that takes the lines; Splunk has one of its own for each token. */
  readonly index: string | undefined;
  /** Files below the environment's secrets folder. */
  readonly tokenFile: string | undefined;
  readonly authorityFile: string | undefined;
}

/** Secret of token and certificate authority, and the keys in it. */
export const LOG_SECRET = { name: "log-destination", token: "token", authority: "ca.crt" } as const;

const SECRET_FOLDER = "/etc/log-destination";

/**
 * Whose containers are read: parts of the platform, none of which logs what people write. What cells and sandboxes print
 * may be content, so that it stays where it is; who did what leaves through the audit log.
 */
export const SHIPPED_NAMESPACES = ["breakwater", "vault", "inference", "monitoring"] as const;

/** Fluent Bit as its chart takes it: reads files of the node and nothing else of it, asks no API server. */
export function logShippingValues(args: {
  readonly destination: LogDestination;
  readonly tolerations: readonly input.core.v1.Toleration[];
  readonly mirror: Mirror | undefined;
  readonly secretsFingerprint: Input<string> | undefined;
}): Record<string, unknown> {
  const { destination, mirror, secretsFingerprint } = args;
  const { upstream, repository } = CHART_IMAGES.logs;
  const hasToken = destination.tokenFile !== undefined;
  return {
    fullnameOverride: "log-shipping",
    image: { repository: interpolate`${mirror?.(upstream) ?? upstream}/${repository}` },
    testFramework: { enabled: false },
    rbac: { create: false },
    serviceAccount: { create: true, automountServiceAccountToken: false },
    tolerations: [...args.tolerations],
    podLabels: LOG_SHIPPING_LABELS,
    ...(secretsFingerprint === undefined ? {} : { podAnnotations: { "breakwater.dev/secrets": secretsFingerprint } }),
    // The node's log files belong to root; every right beyond reading its own files is dropped.
    securityContext: {
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    resources: { requests: { cpu: "20m", memory: "32Mi" }, limits: { memory: "128Mi" } },
    ...(hasToken ? { env: [tokenVariable] } : {}),
    daemonSetVolumes: [
      { name: "varlog", hostPath: { path: "/var/log" } },
      { name: "state", emptyDir: {} },
      ...secret(args),
    ],
    daemonSetVolumeMounts: [
      { name: "varlog", mountPath: "/var/log", readOnly: true },
      { name: "state", mountPath: "/var/lib/fluent-bit" },
      ...secret(args).map(({ name }) => ({ name, mountPath: SECRET_FOLDER, readOnly: true })),
    ],
    config: { inputs: INPUT, filters: "", outputs: outputOf(destination), customParsers: "" },
  };
}

/** Labels of the pods for their NetworkPolicy. */
export const LOG_SHIPPING_LABELS = { "breakwater.dev/part": "log-shipping" };

const tokenVariable = {
  name: "TOKEN",
  valueFrom: { secretKeyRef: { name: LOG_SECRET.name, key: LOG_SECRET.token } },
};

function secret({ destination }: { readonly destination: LogDestination }): readonly { readonly name: string }[] {
  if (destination.authorityFile === undefined) return [];
  const items = [{ key: LOG_SECRET.authority, path: LOG_SECRET.authority }];
  return [{ name: "authority", secret: { secretName: LOG_SECRET.name, items } } as { readonly name: string }];
}

/** The name of the file says which pod, namespace and container a line is from. */
const INPUT = section("INPUT", {
  Name: "tail",
  Path: SHIPPED_NAMESPACES.map((namespace) => `/var/log/containers/*_${namespace}_*.log`).join(","),
  Path_Key: "file",
  "multiline.parser": "cri",
  Tag: "pods.*",
  DB: "/var/lib/fluent-bit/tail.db",
  Mem_Buf_Limit: "16MB",
  Skip_Long_Lines: "On",
});

function outputOf({ kind, host, port, isEncrypted, index, tokenFile, authorityFile }: LogDestination): string {
  const where = { Match: "pods.*", Host: host, Port: String(port), Retry_Limit: "no_limits" };
  const tls = isEncrypted
    ? {
        tls: "On",
        "tls.verify": "On",
        ...(authorityFile === undefined ? {} : { "tls.ca_file": `${SECRET_FOLDER}/${LOG_SECRET.authority}` }),
      }
    : { tls: "Off" };
  if (kind === "splunk") {
    return section("OUTPUT", {
      Name: "splunk",
      ...where,
      ...(tokenFile === undefined ? {} : { Splunk_Token: "${TOKEN}" }),
      ...(index === undefined ? {} : { Event_Index: index }),
      ...tls,
    });
  }
  return section("OUTPUT", {
    Name: "es",
    ...where,
    Index: index ?? "breakwater-pods",
    Suppress_Type_Name: "On",
    ...tls,
  });
}

function section(name: string, entries: Readonly<Record<string, string>>): string {
  const lines = Object.entries(entries).map(([key, value]) => `    ${key} ${value}`);
  return `${[`[${name}]`, ...lines].join("\n")}\n`;
}
