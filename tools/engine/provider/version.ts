/** Version of the `breakwater` provider: what the plugin reports must be what the resources ask for, or the engine warns. */
export const PROVIDER_VERSION = "0.1.0";
