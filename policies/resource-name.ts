/** `Deployment tenant-a/cell` of `urn:pulumi:s::p::...$kubernetes:apps/v1:Deployment::tenant-a/cell`. */
export function resourceName(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.slice(types.lastIndexOf(":") + 1)} ${name.join("::")}`;
}
