/** Version of our own plugin (tools/engine/provider/version.ts), which makes SecretFiles and AdminPassword; a test compares the two. */
export const PLUGIN_VERSION = "0.1.0";
