/** Digits with at most two separators between them, as groups of adjacent digits. Reused: a dense text has many. */
export class Run {
  /** How many groups. */
  size = 0;
  /** Digits of all groups. */
  digits = 0;
  /** Where each group begins. */
  starts = new Int32Array(64);
  /** How many digits each group has; four zeros come after the last. */
  sizes = new Int32Array(64);

  /** Makes room for more groups; `starts` and `sizes` are other arrays then. */
  grow(): void {
    const starts = new Int32Array(this.starts.length * 2);
    const sizes = new Int32Array(this.sizes.length * 2);
    starts.set(this.starts);
    sizes.set(this.sizes);
    this.starts = starts;
    this.sizes = sizes;
  }

  start(group: number): number {
    return this.starts[group] as number;
  }

  end(group: number): number {
    return (this.starts[group] as number) + (this.sizes[group] as number);
  }

  length(group: number): number {
    return this.sizes[group] as number;
  }

  /** Whether the groups from `group` on have these sizes. */
  has(group: number, shape: readonly number[]): boolean {
    if (group + shape.length > this.size) return false;
    for (let index = 0; index < shape.length; index += 1) if (this.sizes[group + index] !== shape[index]) return false;
    return true;
  }
}
