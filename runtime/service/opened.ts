/** What a starting service has opened, closed in reverse order: what was opened last needs what was opened before. */
export class Opened {
  readonly #closers: (() => unknown)[] = [];

  add<T>(thing: T, close: (thing: T) => unknown): T {
    this.#closers.push(() => close(thing));
    return thing;
  }

  /** Closes everything, whatever fails on the way. @throws the first failure. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** Runs `start` with an empty {@link Opened}, and closes what it opened when it fails. @throws what `start` threw. */
export async function startWith<T>(start: (open: Opened) => Promise<T>): Promise<T> {
  const open = new Opened();
  try {
    return await start(open);
  } catch (error) {
    await open.close();
    throw error;
  }
}
