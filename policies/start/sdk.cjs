const { createRequire, Module } = require("node:module");

/**
 * Puts off the loading of Pulumi's SDK until somebody asks for more of it than its assets. `@pulumi/policy` takes nothing
 * else of it, and the whole SDK, with npm's own dependency resolver in it, takes longer to load than the pack.
 */
function putOffSdk() {
  const fromPolicy = createRequire(require.resolve("@pulumi/policy/package.json"));
  const file = fromPolicy.resolve("@pulumi/pulumi");
  if (require.cache[file] !== undefined) return;
  const whole = () => {
    if (require.cache[file] === standIn) delete require.cache[file];
    return fromPolicy("@pulumi/pulumi");
  };
  const standIn = new Module(file);
  Object.assign(standIn, { filename: file, loaded: true, exports: inPlaceOf(whole, fromPolicy) });
  require.cache[file] = standIn;
}

/** Looks like the SDK: its assets at once, and the whole of it for anything else. */
function inPlaceOf(whole, fromPolicy) {
  return new Proxy(
    {},
    {
      get: (_, name) => (name === "asset" ? fromPolicy("@pulumi/pulumi/asset") : whole()[name]),
      has: (_, name) => name in whole(),
      ownKeys: () => Reflect.ownKeys(whole()),
      getOwnPropertyDescriptor: (_, name) => {
        const own = Reflect.getOwnPropertyDescriptor(whole(), name);
        return own && { ...own, configurable: true };
      },
    },
  );
}

module.exports = { putOffSdk };
