/**
 * The same reading, done once for each object and remembered for as long as the object lives. Many rules read the same
 * pods, labels and namespaces, and a plan of hundreds of tenants has thousands. A reading that throws is not remembered,
 * and neither is one of what is no object.
 */
export function once<From, Read>(read: (from: From) => Read): (from: From) => Read {
  const done = new WeakMap<object, Read>();
  return (from) => {
    if (typeof from !== "object" || from === null) return read(from);
    const known = done.get(from);
    if (known !== undefined) return known;
    const found = read(from);
    done.set(from, found);
    return found;
  };
}
