/**
 * Has the properties of a resource read once for all policies. `@pulumi/policy` reads those of the whole stack again for
 * each policy, and the pack has one for each rule. No policy of the pack changes what it is shown.
 */
function readPropertiesOnce() {
  const reading = require("@pulumi/policy/deserialize");
  const read = reading.deserializeProperties;
  const known = new WeakMap();
  reading.deserializeProperties = (properties, markSecrets) => {
    // What a remediation is shown it may change.
    if (markSecrets) return read(properties, markSecrets);
    if (!known.has(properties)) known.set(properties, read(properties, markSecrets));
    return known.get(properties);
  };
}

module.exports = { readPropertiesOnce };
