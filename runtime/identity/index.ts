export { type CreateApiKey, createApiKey, hashKey, parseApiKey } from "./api-key.ts";
export { type Authentication, type AuthenticationFailure, bearerToken, Keyring, type Principal } from "./keyring.ts";
export { type LiveFile, type LiveFileOptions, openLiveFile } from "./live-file.ts";
export { permits, permitsRole, type Role } from "./permissions.ts";
