/** Why types cost nothing by themselves, where the same reason holds in every cloud. */
export const WITH_ITS_OWNER = "configures another resource, and costs nothing by itself";
export const NETWORK = "part of the network, which costs nothing by itself";
export const IDENTITY = "identities and their rights cost nothing";
