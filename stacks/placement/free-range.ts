import { contains, formatCidr, overlap, parseCidr, type Range, sizeOf } from "../../components/cidr.ts";

/** Addresses for private use: RFC 1918, section 3. */
export const PRIVATE_RANGES: readonly Range[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(parseCidr);

/** Whether a range is for private use, whole. */
export function isPrivate(range: Range): boolean {
  return PRIVATE_RANGES.some((block) => contains(block, range));
}

/**
 * The private range of that size that overlaps none of `taken`: the first one after `near`, or the first one of all.
 * Undefined where everything is taken.
 */
export function freeRange(bits: number, near: Range, taken: readonly Range[]): string | undefined {
  const size = 2 ** (32 - bits);
  const start = Math.floor(near.first / size) * size;
  const free = (block: Range, from: number): Range | undefined => {
    let first = Math.max(from, block.first);
    while (first + size <= block.first + sizeOf(block)) {
      const candidate = { first, bits };
      const hit = taken.find((range) => overlap(range, candidate));
      if (hit === undefined) return candidate;
      // Behind what is in the way: a /8 is not walked in steps of a /20.
      first = Math.ceil((hit.first + sizeOf(hit)) / size) * size;
    }
    return undefined;
  };
  const blocks = PRIVATE_RANGES.filter((block) => block.bits <= bits);
  const home = blocks.find((block) => contains(block, { first: near.first, bits: 32 }));
  const found =
    (home && free(home, start)) ?? blocks.map((block) => free(block, 0)).find((range) => range !== undefined);
  return found === undefined ? undefined : formatCidr(found);
}
