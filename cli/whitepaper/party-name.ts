/** `tenant: cell` of `tenant/cell`; what is outside has its name alone. */
export function partyName(id: string): string {
  const cut = id.indexOf("/");
  return cut === 0 ? id.slice(1) : `${id.slice(0, cut)}: ${id.slice(cut + 1)}`;
}
