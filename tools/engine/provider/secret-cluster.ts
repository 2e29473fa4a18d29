import type { ApiException, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import type { SecretContent } from "./secret-source.ts";

const FIELD_MANAGER = "breakwater";

/** The Secret as wanted. */
export interface SecretManifest {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly content: SecretContent;
}

/** Where Secrets live; tests pass their own. */
export interface SecretCluster {
  /** Makes the Secret exactly this. `takeOver` wins fields back from whoever else changed them. */
  apply(secret: SecretManifest, takeOver: boolean): Promise<void>;
  /** Content and labels of the live Secret, or undefined when there is none. */
  read(
    namespace: string,
    name: string,
  ): Promise<{ content: SecretContent; labels: Record<string, string> } | undefined>;
  /** Removes it; already gone counts as removed. */
  remove(namespace: string, name: string): Promise<void>;
}

/** Where a kubeconfig is: the path of a file, or the text itself; undefined where nothing names one. */
export type KubeconfigSource = { readonly path: string | undefined } | { readonly text: string };

/**
 * The cluster that a kubeconfig leads to. The client is loaded at first use, because it takes half a second and a preview
 * never needs it.
 */
export function kubeCluster(kubeconfig: KubeconfigSource): SecretCluster {
  let connected: Promise<{ api: CoreV1Api; applied: Parameters<CoreV1Api["patchNamespacedSecret"]>[1] }> | undefined;
  const connect = () => {
    connected ??= import("@kubernetes/client-node").then((k8s) => ({
      api: loadConfig(new k8s.KubeConfig(), kubeconfig).makeApiClient(k8s.CoreV1Api),
      applied: k8s.setHeaderOptions("Content-Type", k8s.PatchStrategy.ServerSideApply),
    }));
    return connected;
  };
  return {
    apply: async (secret, takeOver) => {
      const { api, applied } = await connect();
      const { namespace, name } = secret;
      const call = { namespace, name, body: toBody(secret), fieldManager: FIELD_MANAGER, force: takeOver };
      await api.patchNamespacedSecret(call, applied).catch((error) => refused("apply", namespace, name, error));
    },
    read: async (namespace, name) => {
      const { api } = await connect();
      const live = await api.readNamespacedSecret({ namespace, name }).catch((error) => {
        return statusOf(error) === 404 ? undefined : refused("read", namespace, name, error);
      });
      if (live === undefined) return undefined;
      const entries = Object.entries(live.data ?? {}).map(([key, data]) => [key, Buffer.from(data, "base64")] as const);
      return { content: new Map(entries), labels: live.metadata?.labels ?? {} };
    },
    remove: async (namespace, name) => {
      const { api } = await connect();
      await api.deleteNamespacedSecret({ namespace, name }).catch((error) => {
        return statusOf(error) === 404 ? undefined : refused("delete", namespace, name, error);
      });
    },
  };
}

function loadConfig(config: KubeConfig, source: KubeconfigSource): KubeConfig {
  if ("text" in source) return parsed(config, source.text);
  const { path } = source;
  if (path === undefined || path === "") {
    throw new Error(
      "[secrets/no-cluster] KUBECONFIG: got nothing; expected the kubeconfig of the target cluster; use `breakwater up`, or set it",
    );
  }
  config.loadFromFile(path);
  return config;
}

/** A parser would quote the text, which may hold a credential. */
function parsed(config: KubeConfig, text: string): KubeConfig {
  try {
    config.loadFromString(text);
  } catch {
    throw new Error(
      "[secrets/no-cluster] kubeconfig: got a text that is no kubeconfig; expected that of the platform's cluster; correct the SecretFiles resource",
    );
  }
  return config;
}

function toBody({ namespace, name, labels, content }: SecretManifest): object {
  const data = Object.fromEntries([...content].map(([key, bytes]) => [key, bytes.toString("base64")]));
  const metadata = { namespace, name, labels: { ...labels, "app.kubernetes.io/managed-by": FIELD_MANAGER } };
  return { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", data };
}

function statusOf(error: unknown): number | undefined {
  return typeof error === "object" && error !== null ? (error as Partial<ApiException<unknown>>).code : undefined;
}

/** Names only the status: the API server's own text may quote what it was sent, so neither it nor the cause is kept. */
function refused(verb: string, namespace: string, name: string, error: unknown): never {
  const code = statusOf(error);
  const got = typeof code === "number" ? `HTTP ${code}${MEANING[code] ?? ""}` : `no answer (${transportReason(error)})`;
  throw new Error(
    `[secrets/cluster] secret ${namespace}/${name}: got ${got} from the API server on ${verb}; expected success; check the namespace, your rights and KUBECONFIG`,
  );
}

/** A transport error speaks of addresses and certificates only; a parser's would quote the answer, which is a Secret. */
function transportReason(error: unknown): string {
  return error instanceof Error && !(error instanceof SyntaxError) ? error.message : "it could not be read";
}

const MEANING: Readonly<Record<number, string>> = {
  401: " (not authenticated)",
  403: " (forbidden, or over quota)",
  404: " (namespace not found)",
  409: " (another tool owns this Secret: delete it, or pick another name)",
  422: " (rejected as invalid)",
};
