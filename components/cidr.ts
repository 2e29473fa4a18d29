/** An IPv4 range as numbers. */
export interface Range {
  readonly first: number;
  readonly bits: number;
}

/** Parses `10.64.0.0/16`; host bits are cut off. The form has been checked by the settings. */
export function parseCidr(cidr: string): Range {
  const [address = "", length = ""] = cidr.split("/");
  const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const bits = Number(length);
  const size = 2 ** (32 - bits);
  return { first: Math.floor(value / size) * size, bits };
}

/** `10.64.0.0/16`. */
export function formatCidr({ first, bits }: Range): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${bits}`;
}

/** Number of addresses. */
export function sizeOf({ bits }: Range): number {
  return 2 ** (32 - bits);
}

/** Whether two ranges share an address. */
export function overlap(a: Range, b: Range): boolean {
  return a.first < b.first + sizeOf(b) && b.first < a.first + sizeOf(a);
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: Range, inner: Range): boolean {
  return outer.first <= inner.first && inner.first + sizeOf(inner) <= outer.first + sizeOf(outer);
}

/** The part number `index` of size `/bits` inside `range`. */
export function subnet(range: Range, bits: number, index: number): Range {
  return { first: range.first + index * 2 ** (32 - bits), bits };
}
