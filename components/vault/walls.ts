import type { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { apiServerWays, defaultDeny, dnsWay, everyCell, platformPeer, type Way, waysPolicy } from "../agents/reach.ts";
import type { Platform } from "../platform.ts";
import { type VaultPart, vaultSelector } from "./labels.ts";
import { VAULT_CLUSTER_PORT, VAULT_METRICS_PORT, VAULT_NAMESPACE, VAULT_PORT } from "./names.ts";

type Peer = input.networking.v1.NetworkPolicyPeer;

/** What the walls need to know. */
export interface WallsArgs {
  readonly platform: Pick<Platform, "dns" | "apiServer" | "vaultSeal">;
  /** Who reads metrics. */
  readonly scrapers: readonly Peer[];
}

/** Everything that may be reached in the vault's namespace and from it; nothing else passes. */
export function walls(name: string, args: WallsArgs, opts: CustomResourceOptions): readonly NetworkPolicy[] {
  const { dns, apiServer, vaultSeal } = args.platform;
  const servers = [vaultPeer("vault")];
  const clients = [
    platformPeer("front-door"),
    platformPeer("router"),
    everyCell,
    vaultPeer("vault-keeper"),
    ...servers,
  ];
  return [
    defaultDeny(name, VAULT_NAMESPACE, opts),
    only(
      `${name}-servers`,
      "vault",
      [
        { peers: clients, port: VAULT_PORT },
        { peers: servers, port: VAULT_CLUSTER_PORT },
        ...(args.scrapers.length === 0 ? [] : [{ peers: args.scrapers, port: VAULT_METRICS_PORT }]),
      ],
      [
        dnsWay(dns),
        { peers: servers, port: VAULT_PORT },
        { peers: servers, port: VAULT_CLUSTER_PORT },
        ...apiServerWays(apiServer),
        ...(vaultSeal?.ways ?? []),
      ],
      opts,
    ),
    only(`${name}-keeper`, "vault-keeper", [], [dnsWay(dns), { peers: servers, port: VAULT_PORT }], opts),
  ];
}

function vaultPeer(part: VaultPart): Peer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": VAULT_NAMESPACE } },
    podSelector: { matchLabels: vaultSelector(part) },
  };
}

function only(
  name: string,
  part: VaultPart,
  from: readonly Way[],
  to: readonly Way[],
  opts: CustomResourceOptions,
): NetworkPolicy {
  return waysPolicy(name, { name: part, namespace: VAULT_NAMESPACE, pods: vaultSelector(part), from, to }, opts);
}
