export { type CreateApiKey, createApiKey, hashKey, parseApiKey } from "./api-key.ts";
export { escalationOf, inheritedExpiry, inheritedLimits, type Maker, type WantedRights } from "./escalation.ts";
export {
  type Effective,
  KeyRefusal,
  type KeyRequest,
  KeyStore,
  type KeyStoreOptions,
} from "./key-store.ts";
export { KeyView } from "./key-view.ts";
export {
  type Authentication,
  type AuthenticationFailure,
  bearerToken,
  Keyring,
  type KeyringOptions,
  type Principal,
} from "./keyring.ts";
export { parseKeysFile } from "./keys-file.ts";
export { type LiveFile, type LiveFileOptions, openLiveFile } from "./live-file.ts";
export { type KeyringNotice, type LiveKeyring, type LiveKeyringOptions, openKeyring } from "./live-keyring.ts";
export {
  PERMISSIONS,
  type Permission,
  PermissionSet,
  permits,
  permitsRole,
  type Role,
  Roles,
} from "./permissions.ts";
export { PRINCIPAL_HEADER, PrincipalReader, PrincipalSigner } from "./principal-token.ts";
