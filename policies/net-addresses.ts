/**
 * Whether a block is so wide that it means anybody: wider than the largest private range (IPv4 /8), so that the world cut
 * into halves is found too. Private IPv6 ranges are no world.
 */
export function isWorld(cidr: string): boolean {
  const [address = "", bits] = cidr.split("/");
  if (bits === undefined) return false;
  if (address.includes(":")) return Number(bits) < 16 && !/^f[c-f]/i.test(address);
  return Number(bits) < 8;
}

/** Whether two IPv4 blocks share an address. */
export function overlap(a: string, b: string): boolean {
  const [first, second] = [rangeOf(a), rangeOf(b)];
  return first.from <= second.to && second.from <= first.to;
}

function rangeOf(cidr: string): { readonly from: number; readonly to: number } {
  const [address = "", bits = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(bits));
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const from = Math.floor(number / size) * size;
  return { from, to: from + size - 1 };
}
