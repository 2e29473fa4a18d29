/** Which methods each path takes, for the `allow` header of a refused one. */
export class AllowedMethods {
  readonly #exact = new Map<string, Set<string>>();
  readonly #patterns: { readonly pattern: RegExp; readonly methods: Set<string> }[] = [];

  /** @param url as the routes write it, with `:name` for one part of a path and `*` for its rest. */
  add(url: string, methods: readonly string[]): void {
    let known = this.#exact.get(url);
    if (known === undefined) {
      known = new Set();
      this.#exact.set(url, known);
      if (/[:*]/.test(url)) this.#patterns.push({ pattern: patternOf(url), methods: known });
    }
    for (const method of methods) known.add(method);
  }

  /** Undefined: no route has this path. */
  of(path: string): readonly string[] | undefined {
    const methods = this.#exact.get(path) ?? this.#patterns.find(({ pattern }) => pattern.test(path))?.methods;
    return methods === undefined ? undefined : [...methods];
  }
}

function patternOf(url: string): RegExp {
  const parts = url.split("/").map((part) => {
    if (part.startsWith(":")) return "[^/]+";
    return part === "*" ? ".*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("/")}$`);
}
