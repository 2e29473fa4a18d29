/**
 * User data of a node of Bottlerocket, in Base64: TOML that EKS puts its own settings for joining beside. The two containers
 * that would let somebody onto the node do not run, and no measurements go to its makers.
 */
export function bottlerocketSettings({ maxPods }: { readonly maxPods: number }): string {
  const lines = [
    "[settings.kubernetes]",
    `max-pods = ${maxPods}`,
    "",
    "[settings.host-containers.admin]",
    "enabled = false",
    "",
    "[settings.host-containers.control]",
    "enabled = false",
    "",
    "[settings.metrics]",
    "send-metrics = false",
    "",
  ];
  return Buffer.from(lines.join("\n")).toString("base64");
}
