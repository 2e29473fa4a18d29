import { command, mustRun } from "./command.ts";

/** Chains of kube-proxy, the kubelet, kube-router and the CNI plugins. Nobody else may use these names beside our node. */
const ownedChain = /^(KUBE-|CNI-)/;
const ownedSet = /^(inet6:)?(KUBE-|kube-router-)/;

/** A text for `iptables-restore --noflush` that removes the owned chains and every rule that leads to them; "" when there are none. */
export function removalOf(saved: string): string {
  const tables: string[] = [];
  for (const part of saved.split(/^\*/m).slice(1)) {
    const lines = part.split("\n");
    const chains = lines.filter((line) => line.startsWith(":")).map((line) => line.slice(1).split(" ")[0] ?? "");
    const owned = chains.filter((chain) => ownedChain.test(chain));
    const leading = lines.filter((line) => leadsToOwned(line)).map((line) => line.replace(/^-A /, "-D "));
    if (owned.length === 0 && leading.length === 0) continue;
    const flush = owned.map((chain) => `-F ${chain}`);
    const remove = owned.map((chain) => `-X ${chain}`);
    tables.push([`*${lines[0]}`, ...leading, ...flush, ...remove, "COMMIT", ""].join("\n"));
  }
  return tables.join("");
}

/** A rule of somebody else's chain that jumps to one of ours. */
function leadsToOwned(line: string): boolean {
  const chain = /^-A (\S+) /.exec(line)?.[1];
  const target = / (?:-j|-g) (\S+)/.exec(line)?.[1];
  return chain !== undefined && !ownedChain.test(chain) && target !== undefined && ownedChain.test(target);
}

const families = ["iptables", "ip6tables"] as const;

/** Every chain and rule of the node in the kernel's tables. */
export async function nodeRules(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const family of families) {
    const saved = await command([`${family}-save`]);
    if (saved.code !== 0) continue;
    const rules = removalOf(saved.stdout).split("\n");
    found.push(...rules.filter((rule) => /^-[DX] /.test(rule)).map((rule) => `${family}: ${rule.slice(3)}`));
  }
  return found;
}

/** Removes them, all of a family in one step. */
export async function removeNodeRules(): Promise<void> {
  for (const family of families) {
    const saved = await command([`${family}-save`]);
    const removal = saved.code === 0 ? removalOf(saved.stdout) : "";
    if (removal !== "") await mustRun([`${family}-restore`, "--noflush"], { input: removal });
  }
}

/** Sets of addresses that kube-router made. */
export async function nodeSets(): Promise<readonly string[]> {
  const listed = await command(["ipset", "list", "-name"]);
  return listed.code === 0 ? listed.stdout.split("\n").filter((name) => ownedSet.test(name)) : [];
}

/** Removes them; only after the rules that refer to them. */
export async function removeNodeSets(): Promise<void> {
  const names = await nodeSets();
  for (const name of names) await mustRun(["ipset", "flush", name]);
  for (const name of names) await mustRun(["ipset", "destroy", name]);
}
