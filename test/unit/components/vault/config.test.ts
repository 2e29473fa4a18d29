import { expect, test } from "vitest";
import type { Platform } from "../../../../components/platform.ts";
import { files, initializeFiles } from "../../../../components/vault/files.ts";
import { renderHcl } from "../../../../components/vault/hcl.ts";
import { keeperPolicy, operatorPolicy, servicePolicy, tenantPolicy } from "../../../../components/vault/policies.ts";
import { RELEASES, releaseFor } from "../../../../components/vault/releases.ts";
import { setupRequests } from "../../../../components/vault/setup.ts";
import { parseSettings } from "../../../../runtime/settings/index.ts";
import { vaultOf } from "../../../../stacks/vault.ts";
import { localSections } from "../../../support/plan.ts";
import { AWS_STANZA } from "./world.ts";

const server = files(AWS_STANZA, 3, false)["server.hcl"] as string;

test("attributes, labels and nested stanzas are rendered as HCL reads them, quotes and line ends escaped", () => {
  const text = renderHcl({ a: true }, [
    { kind: "k", labels: ["x"], attributes: { s: 'a "b"\nc', o: { n: 1, l: ["p"] } }, stanzas: [{ kind: "e" }] },
  ]);
  expect(text).toBe(
    'a = true\nk "x" {\n  s = "a \\"b\\"\\nc"\n  o = {\n    "n" = 1\n    "l" = ["p"]\n  }\n  e {\n  }\n}\n',
  );
});

test("servers speak TLS 1.3 to clients and to Prometheus, and nothing else", () => {
  expect(server.match(/tls_min_version = "tls13"/g)).toHaveLength(2);
  expect(server.match(/listener "tcp"/g)).toHaveLength(2);
  expect(server).not.toContain("tls_disable");
  expect(server).toContain('tls_key_file = "/run/secrets/vault-tls/tls.key"');
});

test("servers find each other by the headless Service's names and trust one authority", () => {
  expect(server.match(/leader_api_addr = .*/g)).toEqual(
    [0, 1, 2].map((at) => `leader_api_addr = "https://vault-${at}.vault-internal.vault.svc.cluster.local:8200"`),
  );
  expect(server.match(/leader_ca_cert_file = "\/run\/secrets\/vault-tls\/ca.crt"/g)).toHaveLength(3);
});

test("the audit device is part of the configuration, and writes digests in the place of secrets", () => {
  expect(server).toContain('audit "file" "stdout" {\n  options {\n    file_path = "stdout"\n  }\n}');
  expect(server).not.toContain("log_raw");
});

test("metrics are free on their own port only", () => {
  expect(server).toContain('address = "0.0.0.0:8203"');
  expect(server.match(/unauthenticated_metrics_access = true/g)).toHaveLength(1);
  expect(server).toContain("metrics_only = true");
});

test("a seal is opened by the release that has it built in, and an unknown one is refused", () => {
  const kinds = ["awskms", "alicloudkms", "static", "transit"];
  expect(kinds.map((kind) => releaseFor(`seal "${kind}" {\n}\n`).version)).toEqual([
    "2.6.2",
    "2.6.2",
    "2.7.2",
    "2.7.2",
  ]);
  expect(releaseFor("")).toBe(RELEASES.current);
  expect(() => releaseFor('seal "tencentkms" {}')).toThrow(
    '[vault/unknown-seal] platform.vaultSeal.stanza: got seal "tencentkms"; expected one of static, transit, ',
  );
  expect(() => releaseFor("nothing of the kind")).toThrow("got no seal stanza");
});

test("set-up names no secret, and every step has a name of its own", () => {
  const names = setupRequests().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(JSON.stringify(setupRequests())).not.toMatch(/jwt|password|private_key|token_reviewer/);
});

test("logins are for named ServiceAccounts of named namespaces, with tokens meant for the vault, for an hour at most", () => {
  const roles = setupRequests().filter(({ path }) => path.startsWith("auth/kubernetes/role/"));
  const rows = roles.map(({ path, data }) => [
    path.slice("auth/kubernetes/role/".length),
    data["bound_service_account_names"],
    data["bound_service_account_namespaces"],
    data["token_policies"],
    data["token_max_ttl"],
  ]);
  expect(rows).toEqual([
    ["tenant", ["cell"], ["tenant-*"], ["tenant"], 3600],
    ["keeper", ["vault-keeper"], ["vault"], ["keeper"], 600],
    ["operator", ["vault-operator"], ["vault"], ["operator"], 900],
    ["front-door", ["front-door"], ["breakwater"], ["front-door"], 3600],
    ["router", ["router"], ["breakwater"], ["router"], 3600],
  ]);
  for (const { data } of roles) expect([data["audience"], data["token_no_default_policy"]]).toEqual(["vault", true]);
});

test("policies: a tenant uses the key of its own namespace; nobody is given an export, a backup or a plaintext", () => {
  const own = "{{identity.entity.aliases.<accessor>.metadata.service_account_namespace}}";
  expect(tenantPolicy.match(/path "(.*)"/g)).toEqual(
    ["encrypt", "decrypt", "rewrap"].map((verb) => `path "tenants/${verb}/${own}"`),
  );
  for (const policy of [tenantPolicy, keeperPolicy, operatorPolicy, servicePolicy("router")]) {
    expect(policy).not.toMatch(/export|backup|restore|path "\*"|datakey/);
  }
  expect(operatorPolicy).not.toMatch(/(en|de)crypt/);
});

test("OpenBao writes the accessor into the policy when it sets itself up, and leaves the policy's own braces", () => {
  const text = initializeFiles()["initialize.hcl"] as string;
  expect(text).not.toContain("<accessor>");
  expect(text).toContain(
    '{{ \\"{{\\" }}identity.entity.aliases.{{ .responses.setup.kubernetes_login.data.accessor }}.metadata.service_account_namespace}}',
  );
});

test("only the first server may initialise, and a single one has nobody to ask", () => {
  const start = files(AWS_STANZA, 3, false)["start-vault"] as string;
  expect(start).toContain('[ "${POD_NAME##*-}" = 0 ] || exec ');
  expect(start).toContain("for other in https://vault-1.vault-internal");
  expect(files("", 3, true)["start-vault"]).not.toContain("initialize.hcl");
});

test("the vault has what the settings say", () => {
  const sections = { ...localSections(), vault: { replicas: 5, storage_gib: 20 } };
  const { settings } = parseSettings(sections);
  const platform = { storageClass: "encrypted", image: () => "image" } as unknown as Platform;
  const args = vaultOf(settings, { ...platform, vaultSeal: { stanza: "" } });
  expect(args).toMatchObject({
    image: "image",
    replicas: 5,
    storageGiB: 20,
    tenants: ["marketing", "engineering", "customer-service"],
    platform: { storageClass: "encrypted", vaultSeal: { stanza: "" } },
  });
});
