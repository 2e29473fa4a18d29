import { CIPHER_SUITES, type Settings, type TransportSettings, type TrustSettings } from "@breakwater/runtime/settings";
import { INFERENCE_NAMESPACE } from "../components/inference/served-model.ts";
import { PLATFORM_NAMESPACE, serviceHost, tenantNamespace } from "../components/names.ts";
import { certificateOf } from "../components/transport.ts";

/** Cipher suites of TLS 1.3 that the environment asks for; left out: all that Breakwater knows. */
export function cipherSuitesOf({ enterprise }: Settings): TrustSettings["cipher_suites"] {
  return [...(enterprise.encryption?.in_transit.cipher_suites ?? CIPHER_SUITES)];
}

/** What a service knows others by. @param secrets folder of its mounted secrets. */
export function trustOf(settings: Settings, secrets: string): TrustSettings {
  return { authority_file: `${secrets}/authority.crt`, cipher_suites: cipherSuitesOf(settings) };
}

/** The same with what it shows of itself. */
export function transportOf(settings: Settings, secrets: string): TransportSettings {
  return {
    ...trustOf(settings, secrets),
    certificate_file: `${secrets}/tls.crt`,
    key_file: `${secrets}/tls.key`,
  };
}

/** A server whose certificate the deploying machine makes. */
export interface CertifiedServer {
  readonly subject: string;
  readonly certificate: string;
  readonly key: string;
  /** As OpenSSL writes them. */
  readonly names: readonly string[];
}

/** Every server inside that others reach by TLS, under the names by which they do. Pure. */
export function certifiedServers({ multi_tenant, inference }: Settings): readonly CertifiedServer[] {
  const shared = ["router", "echo-model", "postgres"].map((part) =>
    server(`platform/${part}`, serviceHost(part, PLATFORM_NAMESPACE)),
  );
  // The cell agent reaches OpenClaw inside their pod.
  const cells = multi_tenant.tenants.map(({ id }) =>
    server(`tenants/${id}/cell`, serviceHost("cell", tenantNamespace(id)), "IP:127.0.0.1"),
  );
  const models = inference.models
    .filter(({ engine }) => engine === "vllm")
    .map(({ name }) => server(`platform/model-${name}`, serviceHost(name, INFERENCE_NAMESPACE)));
  return [...shared, ...cells, ...models];
}

function server(owner: string, host: string, ...more: readonly string[]): CertifiedServer {
  // A subject has 64 characters, a name has more.
  return { subject: `/CN=${owner.split("/").at(-1)}`, ...certificateOf(owner), names: [`DNS:${host}`, ...more] };
}
