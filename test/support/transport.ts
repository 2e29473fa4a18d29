import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CIPHER_SUITES, type TransportSettings } from "../../runtime/settings/services.ts";
import { provideCertificates } from "../../tools/secrets/authority.ts";
import { SecretFolder } from "../../tools/secrets/files.ts";

/** An authority and one server's certificate in a folder of their own, as settings name them. Remove it afterwards. */
export class TestTransport {
  readonly settings: TransportSettings;
  readonly #root = mkdtempSync(join(tmpdir(), "breakwater-transport-"));

  /** @param names of the server, as OpenSSL writes them */
  constructor(names: readonly string[] = ["IP:127.0.0.1"]) {
    const folder = new SecretFolder(this.#root);
    const authority = { subject: "/CN=test authority", certificate: "authority.crt", key: "authority.key" };
    const server = { subject: "/CN=test", certificate: "tls.crt", key: "tls.key", names };
    provideCertificates({ secrets: folder, keys: folder }, authority, [server], new Date());
    this.settings = {
      authority_file: folder.path("authority.crt"),
      certificate_file: folder.path("tls.crt"),
      key_file: folder.path("tls.key"),
      cipher_suites: [...CIPHER_SUITES],
    };
  }

  remove(): void {
    rmSync(this.#root, { recursive: true });
  }
}
