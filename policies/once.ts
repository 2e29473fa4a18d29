/**
 * The same reading, done once for each object and remembered for as long as the object lives. Many rules read the same
 * pods, labels and namespaces, and a plan of hundreds of tenants has thousands. A reading that throws is not remembered.
 */
export function once<From extends object, Read>(read: (from: From) => Read): (from: From) => Read {
  const done = new WeakMap<From, Read>();
  return (from) => {
    const known = done.get(from);
    if (known !== undefined) return known;
    const found = read(from);
    done.set(from, found);
    return found;
  };
}
