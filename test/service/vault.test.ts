import { execFile } from "node:child_process";
import { createPrivateKey, generateKeyPairSync, sign, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { initializeConfig, serverConfig } from "../../components/vault/config.ts";
import { ALIVE_PATH, READY_PATH } from "../../components/vault/names.ts";
import { makeKeysScript, setupScript, startScript } from "../../components/vault/scripts.ts";
import { setupRequests } from "../../components/vault/setup.ts";
import {
  type Answer,
  call,
  findOpenBao,
  freePort,
  type Identity,
  identity,
  OpenBaoServer,
  type ServerPorts,
  testFolder,
} from "../support/openbao.ts";

const run = promisify(execFile);

const current = await findOpenBao("2.7.2");
const cloudSeals = await findOpenBao("2.6.2");
for (const found of [current, cloudSeals]) {
  if (found.program === undefined) process.stdout.write(`vault tests are skipped: ${found.why}\n`);
}

const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** A token as Kubernetes gives it to a pod. Nobody checks its signature: OpenBao asks the API server whose it is. */
function podToken({ namespace, name, uid, audience }: Identity): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: "https://kubernetes.default.svc",
    aud: [audience],
    sub: `system:serviceaccount:${namespace}:${name}`,
    iat: now,
    nbf: now,
    exp: now + 600,
    "kubernetes.io": { namespace, serviceaccount: { name, uid } },
  };
  const text = `${part({ alg: "ES256", typ: "JWT" })}.${part(claims)}`;
  const signature = sign("sha256", Buffer.from(text), { key: keys.privateKey, dsaEncoding: "ieee-p1363" });
  return `${text}.${signature.toString("base64url")}`;
}

/** A stand-in for the API server's token review, which vouches for the tokens it was told of and no other. */
class TokenReview {
  readonly #known = new Map<string, Identity>();
  readonly #server: Server;
  port = 0;

  constructor(folder: string) {
    const tls = { key: readFileSync(join(folder, "tls.key")), cert: readFileSync(join(folder, "tls.crt")) };
    this.#server = createServer(tls, async (request, response) => {
      let text = "";
      for await (const bytes of request) text += String(bytes);
      const { spec } = JSON.parse(text) as { spec: { token: string; audiences?: readonly string[] } };
      const status = this.#review(spec.token, spec.audiences);
      response.writeHead(201, { "content-type": "application/json" });
      response.end(JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec, status }));
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.port = (this.#server.address() as { port: number }).port;
  }

  vouchFor(identity: Identity): string {
    const token = podToken(identity);
    this.#known.set(token, identity);
    return token;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #review(token: string, audiences: readonly string[] = []): unknown {
    const found = this.#known.get(token);
    if (found === undefined || !audiences.includes(found.audience)) return { authenticated: false };
    const { namespace, name, uid } = found;
    const user = { username: `system:serviceaccount:${namespace}:${name}`, uid, groups: [] };
    return { authenticated: true, audiences: [found.audience], user };
  }
}

/** A vault of some servers on this machine, from the files that a deployment gets. */
class TestVault {
  readonly folder: string;
  readonly servers: readonly OpenBaoServer[];
  readonly review: TokenReview;

  private constructor(folder: string, review: TokenReview, servers: readonly OpenBaoServer[]) {
    this.folder = folder;
    this.review = review;
    this.servers = servers;
  }

  /** @param seal "static": a key in a file, in the place of the cloud's key service; a stanza: as it is. */
  static async prepare(program: string, seal: string, replicas: number): Promise<TestVault> {
    const folder = await testFolder();
    const review = new TokenReview(folder);
    await review.listen();
    writeFileSync(join(folder, "seal.key"), "0123456789abcdef0123456789abcdef");
    const standIn = `seal "static" {\n  current_key_id = "test"\n  current_key = "file://${folder}/seal.key"\n}\n`;
    const openedByPeople = seal === "";
    const requests = setupRequests({
      kubernetes_host: `https://localhost:${review.port}`,
      kubernetes_ca_cert: readFileSync(join(folder, "ca.crt"), "utf8"),
      token_reviewer_jwt: podToken(identity("vault", "vault")),
    });
    writeFileSync(join(folder, "initialize.hcl"), initializeConfig(requests));
    writeFileSync(join(folder, "setup-vault"), setupScript(program, requests));
    writeFileSync(join(folder, "make-keys"), makeKeysScript({ program, loginFolder: folder }));
    const ports: ServerPorts[] = [];
    for (let at = 0; at < replicas; at += 1) {
      ports.push({ api: await freePort(), cluster: await freePort(), metrics: await freePort() });
    }
    const peers = ports.map(({ api }) => `https://localhost:${api}`);
    const servers = ports.map((own, ordinal) => {
      const configFolder = join(folder, `vault-${ordinal}`);
      const dataFolder = join(configFolder, "data");
      mkdirSync(dataFolder, { recursive: true });
      const layout = {
        bind: "127.0.0.1",
        dataFolder,
        tlsFolder: folder,
        peers,
        seal: seal === "static" ? standIn : seal,
      };
      const config = serverConfig({
        ...layout,
        apiPort: own.api,
        clusterPort: own.cluster,
        metricsPort: own.metrics,
      });
      writeFileSync(join(configFolder, "server.hcl"), config);
      const script = startScript({
        program,
        configFolder,
        initializeFolder: openedByPeople ? undefined : folder,
        dataFolder,
        tlsFolder: folder,
        others: peers.slice(1),
      });
      writeFileSync(join(configFolder, "start-vault"), script);
      return new OpenBaoServer(folder, `vault-${ordinal}`, join(configFolder, "start-vault"), own);
    });
    return new TestVault(folder, review, servers);
  }

  get first(): OpenBaoServer {
    return this.servers[0] as OpenBaoServer;
  }

  /** What all servers wrote to their logs. */
  get log(): string {
    return this.servers.map(({ output }) => output).join("\n");
  }

  start(): void {
    for (const server of this.servers) server.start();
  }

  async untilOpen(): Promise<void> {
    for (const server of this.servers)
      await server.until(({ initialized, sealed }) => initialized === true && sealed === false);
  }

  request(method: Parameters<typeof call>[1], path: string, token?: string, body?: unknown): Promise<Answer> {
    const options = { ...(token === undefined ? {} : { token }), ...(body === undefined ? {} : { body }) };
    return call(this.folder, method, `${this.first.address}/v1/${path}`, options);
  }

  /** What the probes of alive and ready are answered by one server. */
  async probes({ address }: OpenBaoServer): Promise<readonly number[]> {
    const answers = await Promise.all([ALIVE_PATH, READY_PATH].map((path) => call(this.folder, "GET", address + path)));
    return answers.map(({ status }) => status);
  }

  /** Logs in as a pod does. */
  async login(role: string, who: Identity): Promise<Answer> {
    return this.request("POST", "auth/kubernetes/login", undefined, { role, jwt: this.review.vouchFor(who) });
  }

  /** Token of a pod that may log in. Set-up ends a moment after the vault opens. */
  async token(role: string, who: Identity): Promise<string> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const { body, text, status } = await this.login(role, who);
      const { client_token: token } = (body["auth"] ?? {}) as { client_token?: string };
      if (token !== undefined) return token;
      if (Date.now() > deadline)
        throw new Error(`no login as ${role}: ${status} ${text}\n${this.first.output.slice(-3000)}`);
      await sleep(200);
    }
  }

  /** Runs the Job's script. */
  async makeKeys(...names: readonly string[]): Promise<void> {
    writeFileSync(join(this.folder, "token"), this.review.vouchFor(identity("vault", "vault-keeper")));
    await run("sh", [join(this.folder, "make-keys"), ...names], { env: this.#client(), timeout: 30_000 });
  }

  /** Runs what people run after `bao operator init`. */
  async setUp(rootToken: string): Promise<string> {
    const child = run("sh", [join(this.folder, "setup-vault")], { env: this.#client(), timeout: 30_000 });
    child.child.stdin?.end(`${rootToken}\n`);
    return (await child).stdout;
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop("SIGKILL")));
    this.review.close();
    rmSync(this.folder, { recursive: true });
  }

  #client(): NodeJS.ProcessEnv {
    return { PATH: process.env["PATH"] ?? "", BAO_ADDR: this.first.address, BAO_CACERT: join(this.folder, "ca.crt") };
  }
}

const cellOfA = identity("tenant-a", "cell");
const cellOfB = identity("tenant-b", "cell");
const operator = identity("vault", "vault-operator");
const plaintext = Buffer.from("what only tenant a may read").toString("base64");

function dataOf({ body }: Answer): Record<string, unknown> {
  return (body["data"] ?? {}) as Record<string, unknown>;
}

/** Servers whose voice counts. */
async function voters(vault: TestVault): Promise<readonly string[]> {
  const token = await vault.token("operator", operator);
  const { config } = dataOf(await vault.request("GET", "sys/storage/raft/configuration", token)) as {
    config: { servers: readonly { node_id: string; voter: boolean }[] };
  };
  return config.servers.flatMap(({ node_id, voter }) => (voter ? [node_id] : [])).sort();
}

/** What tenant a had encrypted under its key. */
async function encrypted(vault: TestVault): Promise<string> {
  const token = await vault.token("tenant", cellOfA);
  const answer = await vault.request("POST", "tenants/encrypt/tenant-a", token, { plaintext });
  expect(answer.status).toBe(200);
  return dataOf(answer)["ciphertext"] as string;
}

/** Everything at all: what a person could become who administers the vault. */
async function almighty(vault: TestVault): Promise<string> {
  const token = await vault.token("operator", operator);
  const policy = 'path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }';
  await vault.request("PUT", "sys/policies/acl/operator", token, { policy });
  return vault.token("operator", operator);
}

/** What the other vault gives: a key, and a token that may use this key and nothing else. @returns the token */
async function unsealToken(other: TestVault): Promise<string> {
  const token = await almighty(other);
  await other.request("POST", "sys/mounts/transit", token, { type: "transit" });
  await other.request("POST", "transit/keys/breakwater-acme", token, {});
  const policy = ["encrypt", "decrypt"]
    .map((verb) => `path "transit/${verb}/breakwater-acme" { capabilities = ["update"] }`)
    .join("\n");
  await other.request("PUT", "sys/policies/acl/unseal", token, { policy });
  const wanted = { policies: ["unseal"], period: "24h", no_parent: true };
  const { body } = await other.request("POST", "auth/token/create", token, wanted);
  return (body["auth"] as { client_token: string }).client_token;
}

describe.skipIf(current.program === undefined)("a vault that a key service opens", () => {
  let vault: TestVault;

  beforeAll(async () => {
    vault = await TestVault.prepare(current.program as string, "static", 3);
    vault.start();
    await vault.untilOpen();
    await vault.makeKeys("tenant-a", "tenant-b");
    // A server that joined votes when it was stable for ten seconds.
    await vi.waitFor(async () => expect(await voters(vault)).toHaveLength(3), { timeout: 60_000, interval: 500 });
  }, 120_000);
  afterAll(() => vault?.close());

  test("initialises, opens and sets itself up, and its other servers join it", async () => {
    const token = await vault.token("operator", operator);
    expect(await voters(vault)).toEqual(["vault-0", "vault-1", "vault-2"]);
    const mounts = await vault.request("GET", "sys/mounts", token);
    expect(Object.keys(dataOf(mounts))).toEqual(expect.arrayContaining(["tenants/", "pki/"]));
  });

  test("writes every request to its audit device, and no token and no plaintext with it", async () => {
    const token = await vault.token("operator", operator);
    const devices = await vault.request("GET", "sys/audit", token);
    expect(dataOf(devices)["stdout/"]).toMatchObject({ type: "file", options: { file_path: "stdout" } });
    await encrypted(vault);
    const written = /"type":"response".*"path":"tenants\/encrypt\/tenant-a"/;
    await vi.waitFor(() => expect(vault.log).toMatch(written), { timeout: 10_000 });
    const { log } = vault;
    expect([log.includes(token), log.includes(plaintext)]).toEqual([false, false]);
  });

  test("gives a tenant the use of its own key", async () => {
    const ciphertext = await encrypted(vault);
    expect(ciphertext).toMatch(/^vault:v1:/);
    const token = await vault.token("tenant", cellOfA);
    expect(dataOf(await vault.request("POST", "tenants/decrypt/tenant-a", token, { ciphertext }))).toEqual({
      plaintext,
    });
  });

  test("lets no tenant use another's key, and none read, make or list keys", async () => {
    const ciphertext = await encrypted(vault);
    const token = await vault.token("tenant", cellOfB);
    const attempts = await Promise.all([
      vault.request("POST", "tenants/decrypt/tenant-a", token, { ciphertext }),
      vault.request("POST", "tenants/encrypt/tenant-a", token, { plaintext }),
      vault.request("POST", "tenants/rewrap/tenant-a", token, { ciphertext }),
      vault.request("GET", "tenants/keys/tenant-a", token),
      vault.request("LIST", "tenants/keys", token),
      vault.request("POST", "tenants/keys/tenant-c", token, {}),
      vault.request("GET", "sys/policies/acl/tenant", token),
    ]);
    expect(attempts.map(({ status }) => status)).toEqual(attempts.map(() => 403));
    const own = await vault.request("POST", "tenants/decrypt/tenant-b", token, { ciphertext });
    expect([own.status, dataOf(own)]).toEqual([400, {}]);
  });

  test("logs in nobody but the ServiceAccount that a role is for, with a token that is meant for the vault", async () => {
    const refused = await Promise.all([
      vault.login("tenant", identity("tenant-a", "sandbox")),
      vault.login("tenant", identity("breakwater", "cell")),
      vault.login("tenant", identity("tenant-a", "cell", "https://kubernetes.default.svc")),
      vault.login("operator", cellOfA),
      vault.login("keeper", operator),
      vault.request("POST", "auth/kubernetes/login", undefined, { role: "tenant", jwt: podToken(cellOfA) }),
    ]);
    expect(refused.map(({ status }) => status >= 400 && status < 500)).toEqual(refused.map(() => true));
  });

  test("lets the maker of keys make none that can be exported", async () => {
    const token = await vault.token("keeper", identity("vault", "vault-keeper"));
    const attempts = await Promise.all([
      vault.request("POST", "tenants/keys/tenant-x", token, { type: "aes256-gcm96", exportable: true }),
      vault.request("POST", "tenants/keys/tenant-x", token, { allow_plaintext_backup: true }),
      vault.request("POST", "tenants/keys/tenant-a/config", token, { deletion_allowed: true }),
      vault.request("POST", "tenants/keys/tenant-a/config", token, { exportable: true }),
      vault.request("POST", "tenants/encrypt/tenant-a", token, { plaintext }),
      vault.request("GET", "tenants/export/encryption-key/tenant-a", token),
      vault.request("POST", "sys/policies/acl/keeper", token, { policy: 'path "*" { capabilities = ["sudo"] }' }),
    ]);
    expect(attempts.map(({ status }) => status)).toEqual(attempts.map(() => 403));
  });

  test("issues certificates for the platform's own names only, for a day, each service its own", async () => {
    const token = await vault.token("router", identity("breakwater", "router"));
    const issue = (body: unknown) => vault.request("POST", "pki/issue/platform", token, body);
    const issued = await issue({ common_name: "router.breakwater.svc.cluster.local" });
    expect(issued.status).toBe(200);
    const certificate = new X509Certificate(dataOf(issued)["certificate"] as string);
    const authority = new X509Certificate(dataOf(issued)["issuing_ca"] as string);
    expect([certificate.subjectAltName, certificate.ca, certificate.verify(authority.publicKey)]).toEqual([
      "DNS:router.breakwater.svc.cluster.local",
      false,
      true,
    ]);
    const hours = (Date.parse(certificate.validTo) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23);
    expect(hours).toBeLessThanOrEqual(24);
    expect(createPrivateKey(dataOf(issued)["private_key"] as string).asymmetricKeyType).toBe("ec");
    const refused = await Promise.all([
      issue({ common_name: "front-door.breakwater.svc.cluster.local" }),
      issue({
        common_name: "router.breakwater.svc.cluster.local",
        alt_names: "front-door.breakwater.svc.cluster.local",
      }),
      issue({ common_name: "router.breakwater.svc.cluster.local", ip_sans: "10.0.0.1" }),
      issue({ common_name: "example.com" }),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    const long = await issue({ common_name: "router.breakwater.svc.cluster.local", ttl: "240h" });
    const end = new X509Certificate(dataOf(long)["certificate"] as string).validTo;
    expect((Date.parse(end) - Date.now()) / 3_600_000).toBeLessThanOrEqual(24);
  });

  test("has every server alive and ready, whichever is the active one", async () => {
    const answers = await Promise.all(vault.servers.map((server) => vault.probes(server)));
    expect(answers).toEqual([200, 200, 200].map((status) => [status, status]));
  });

  test("answers metrics without a credential on their own port, and nothing else there", async () => {
    const at = (path: string) => call(vault.folder, "GET", `https://localhost:${vault.first.ports.metrics}/v1/${path}`);
    const metrics = await at("sys/metrics?format=prometheus");
    expect(metrics.status).toBe(200);
    expect(metrics.text).toContain("vault_core_unsealed");
    expect((await at("sys/seal-status")).status).toBe(404);
    expect((await vault.request("GET", "sys/metrics?format=prometheus")).status).toBe(403);
  });

  test("is open again by itself after all servers were killed", async () => {
    const ciphertext = await encrypted(vault);
    await Promise.all(vault.servers.map((server) => server.stop("SIGKILL")));
    vault.start();
    await vault.untilOpen();
    const token = await vault.token("tenant", cellOfA);
    expect(dataOf(await vault.request("POST", "tenants/decrypt/tenant-a", token, { ciphertext }))).toEqual({
      plaintext,
    });
  }, 120_000);

  test("a first server that lost its volume joins the others and begins no second vault", async () => {
    const ciphertext = await encrypted(vault);
    const before = (await vault.first.seal())?.["cluster_id"];
    await vault.first.stop();
    const data = join(vault.folder, "vault-0", "data");
    rmSync(data, { recursive: true });
    mkdirSync(data);
    vault.first.start();
    await vault.untilOpen();
    expect((await vault.first.seal())?.["cluster_id"]).toBe(before);
    const token = await vault.token("tenant", cellOfA);
    expect(dataOf(await vault.request("POST", "tenants/decrypt/tenant-a", token, { ciphertext }))).toEqual({
      plaintext,
    });
  }, 120_000);

  test("keeps a tenant's key from leaving and from being deleted, until somebody with every right says so in the log", async () => {
    const token = await almighty(vault);
    expect(dataOf(await vault.request("GET", "tenants/keys/tenant-b", token))).toMatchObject({
      type: "aes256-gcm96",
      exportable: false,
      allow_plaintext_backup: false,
      deletion_allowed: false,
      auto_rotate_period: 90 * 24 * 3600,
    });
    const leave = () => vault.request("GET", "tenants/export/encryption-key/tenant-b", token);
    const attempts = await Promise.all([
      leave(),
      vault.request("GET", "tenants/backup/tenant-b", token),
      vault.request("DELETE", "tenants/keys/tenant-b", token),
    ]);
    expect(attempts.map(({ status }) => status >= 400)).toEqual([true, true, true]);
    // Where OpenBao's protection ends: its administrator can take it off, and cannot hide that.
    await vault.request("POST", "tenants/keys/tenant-b/config", token, { exportable: true });
    // A standby answers reads, a moment late.
    await vi.waitFor(async () => expect((await leave()).status).toBe(200), { timeout: 10_000, interval: 200 });
    const written = /"type":"request".*"policies":\["operator"\].*"path":"tenants\/keys\/tenant-b\/config"/;
    await vi.waitFor(() => expect(vault.log).toMatch(written), { timeout: 10_000 });
  });

  test("has no root token alive, and none that can be made without shares", async () => {
    const token = await almighty(vault);
    const { keys: accessors } = dataOf(await vault.request("LIST", "auth/token/accessors", token)) as {
      keys: readonly string[];
    };
    const looked = await Promise.all(
      accessors.map((accessor) => vault.request("POST", "auth/token/lookup-accessor", token, { accessor })),
    );
    expect(looked.length).toBeGreaterThan(0);
    expect(looked.filter((answer) => (dataOf(answer)["policies"] as readonly string[]).includes("root"))).toEqual([]);
    expect((await vault.request("PUT", "sys/generate-root/attempt", token, {})).status).toBeGreaterThanOrEqual(400);
  });
});

describe.skipIf(cloudSeals.program === undefined)("the release for the clouds' key services", () => {
  test("takes the same files, sets itself up and opens by itself", async () => {
    const vault = await TestVault.prepare(cloudSeals.program as string, "static", 1);
    try {
      vault.start();
      await vault.untilOpen();
      await vault.makeKeys("tenant-a");
      const ciphertext = await encrypted(vault);
      await vault.first.stop();
      vault.start();
      await vault.untilOpen();
      const token = await vault.token("tenant", cellOfA);
      const answer = await vault.request("POST", "tenants/decrypt/tenant-a", token, { ciphertext });
      expect(dataOf(answer)).toEqual({ plaintext });
    } finally {
      await vault.close();
    }
  }, 120_000);
});

describe.skipIf(current.program === undefined)("a vault that another vault opens", () => {
  test("opens by a token in a file that can do nothing but that, and stays closed once the token is revoked", async () => {
    const other = await TestVault.prepare(current.program as string, "static", 1);
    const token = join(other.folder, "transit-token");
    const stanza = [
      'seal "transit" {',
      `  address = "${other.first.address}"`,
      '  key_name = "breakwater-acme"',
      '  mount_path = "transit/"',
      `  token = "file://${token}"`,
      `  tls_ca_cert = "${other.folder}/ca.crt"`,
      "}",
    ];
    const vault = await TestVault.prepare(current.program as string, stanza.join("\n"), 1);
    try {
      other.start();
      await other.untilOpen();
      writeFileSync(token, await unsealToken(other));
      vault.start();
      await vault.untilOpen();
      await vault.makeKeys("tenant-a");
      const ciphertext = await encrypted(vault);
      await vault.first.stop();
      vault.start();
      await vault.untilOpen();
      const cell = await vault.token("tenant", cellOfA);
      const answer = await vault.request("POST", "tenants/decrypt/tenant-a", cell, { ciphertext });
      expect(dataOf(answer)).toEqual({ plaintext });

      await vault.first.stop();
      const used = readFileSync(token, "utf8");
      expect((await other.request("GET", "sys/mounts", used)).status).toBe(403);
      expect((await other.request("POST", "auth/token/revoke", await almighty(other), { token: used })).status).toBe(
        204,
      );
      vault.start();
      await expect(vault.untilOpen()).rejects.toThrow('Error configuring seal "transit"');
    } finally {
      await vault.close();
      await other.close();
    }
  }, 120_000);
});

describe.skipIf(current.program === undefined)("a vault that people open", () => {
  let vault: TestVault;

  beforeAll(async () => {
    vault = await TestVault.prepare(current.program as string, "", 3);
    vault.start();
    await vault.first.until(({ initialized }) => initialized === false);
  }, 120_000);
  afterAll(() => vault?.close());

  test("stays closed until enough people gave each server their shares, is set up once, and is closed again after a restart", async () => {
    expect(await vault.probes(vault.first)).toEqual([204, 501]);
    const body = { secret_shares: 5, secret_threshold: 3 };
    const made = await vault.request("PUT", "sys/init", undefined, body);
    const { keys: shares, root_token: root } = made.body as { keys: readonly string[]; root_token: string };
    expect(await vault.first.seal()).toMatchObject({ initialized: true, sealed: true });
    expect(await vault.probes(vault.first)).toEqual([204, 503]);
    const give = async (server: OpenBaoServer, ...given: readonly (string | undefined)[]) => {
      for (const key of given) {
        await call(vault.folder, "PUT", `${server.address}/v1/sys/unseal`, { body: { key } });
      }
      return (await server.seal())?.["sealed"];
    };
    expect(await give(vault.first, shares[0], shares[1], shares[1])).toBe(true);
    expect((await vault.request("GET", "sys/mounts", root)).status).toBe(503);
    expect(await give(vault.first, shares[4])).toBe(false);

    expect(await vault.setUp(root)).toContain("the root token is revoked");
    expect((await vault.request("GET", "sys/mounts", root)).status).toBe(403);
    await vault.makeKeys("tenant-a", "tenant-b");
    const ciphertext = await encrypted(vault);
    const other = await vault.token("tenant", cellOfB);
    expect((await vault.request("POST", "tenants/decrypt/tenant-a", other, { ciphertext })).status).toBe(403);

    for (const server of vault.servers.slice(1)) {
      await server.until(({ initialized, t }) => initialized === true && t === 3);
      expect(await vault.probes(server)).toEqual([204, 503]);
      await give(server, shares[0], shares[2], shares[4]);
      await server.until(({ sealed }) => sealed === false);
    }
    await vi.waitFor(async () => expect(await voters(vault)).toHaveLength(3), { timeout: 60_000, interval: 500 });

    await Promise.all(vault.servers.map((server) => server.stop()));
    vault.start();
    for (const server of vault.servers) await server.until(({ sealed }) => sealed === true);
    expect((await vault.login("tenant", cellOfA)).status).toBe(503);
    for (const server of vault.servers) await give(server, shares[1], shares[2], shares[3]);
    await vault.untilOpen();
    const token = await vault.token("tenant", cellOfA);
    expect(dataOf(await vault.request("POST", "tenants/decrypt/tenant-a", token, { ciphertext }))).toEqual({
      plaintext,
    });
  }, 120_000);
});
