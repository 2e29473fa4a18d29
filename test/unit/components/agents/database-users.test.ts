import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output, secret } from "@pulumi/pulumi/output.js";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { databaseUsers, MAKE_USERS, USERS_SQL } from "../../../../components/agents/database-users.ts";
import { SecretFiles } from "../../../../components/secret-files.ts";
import { record } from "../../../support/record.ts";

const AUTHORITY = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";

const made = await record(() =>
  databaseUsers(
    "database-users",
    {
      platform: {
        image: (image) => `registry.example.com/${image}@sha256:aa`,
        secretFiles: (name, args, opts) =>
          Object.assign(new SecretFiles(name, args, opts), { fingerprint: output("0123") }),
        placement: (role) => ({ nodeSelector: { "breakwater.dev/pool": role } }),
        dns: { podSelector: { matchLabels: { "k8s-app": "kube-dns" } } },
      },
      host: output("database.example.com"),
      port: 5432,
      database: "breakwater",
      admin: "administrator",
      password: secret("0pens-everything"),
      authority: AUTHORITY,
      peers: [{ ipBlock: { cidr: "10.0.96.0/24" } }],
    },
    {},
  ),
);

function inputsOf<T>(kind: string): T {
  const found = made.find(({ type }) => type.endsWith(`:${kind}`));
  if (found === undefined) throw new Error(`no ${kind}`);
  return found.inputs as T;
}

interface JobInputs {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly annotations: Record<string, string>; readonly labels: Record<string, string> };
      readonly spec: {
        readonly restartPolicy: string;
        readonly automountServiceAccountToken: boolean;
        readonly nodeSelector: object;
        readonly containers: readonly {
          readonly image: string;
          readonly command: readonly string[];
          readonly env: readonly { readonly name: string; readonly value: string }[];
          readonly securityContext: object;
        }[];
        readonly volumes: readonly { readonly name: string; readonly projected?: { readonly sources: unknown } }[];
      };
    };
  };
}

const { metadata, spec } = inputsOf<JobInputs>("Job");
const { containers, ...pod } = spec.template.spec;

describe("the Job that makes the users of a managed database", () => {
  test("speaks to the server that the authority has signed for, and to no other", () => {
    const env = Object.fromEntries((containers[0]?.env ?? []).map(({ name, value }) => [name, value]));
    expect(env).toEqual({
      PGHOST: "database.example.com",
      PGPORT: "5432",
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: "/etc/breakwater/database-ca.pem",
      PGCONNECT_TIMEOUT: "10",
      DATABASE: "breakwater",
      ADMINISTRATOR: "administrator",
    });
    expect(inputsOf<{ data: Record<string, string> }>("ConfigMap").data["database-ca.pem"]).toBe(AUTHORITY);
  });

  test("has every password as a file, and none among its own inputs", () => {
    expect(JSON.stringify(inputsOf("Job"))).not.toContain("0pens-everything");
    expect(pod.volumes.find(({ name }) => name === "secrets")?.projected?.sources).toEqual([
      { secret: { name: "database-users-administrator" } },
      { secret: { name: "database-users-secrets" } },
    ]);
    expect(inputsOf<{ files: unknown }>("SecretFiles").files).toEqual({
      "front-door-password": "platform/postgres-front-door-password",
      "router-password": "platform/postgres-router-password",
    });
  });

  test("is the restricted pod that everything else is, on the nodes of the agents", () => {
    expect(pod).toMatchObject({
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      nodeSelector: { "breakwater.dev/pool": "agents" },
    });
    expect(containers[0]?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(containers[0]?.image).toBe("registry.example.com/postgres@sha256:aa");
  });

  test("reaches DNS and the database, and is reached by nobody", () => {
    const { spec: policy } = inputsOf<{ spec: Record<string, unknown> }>("NetworkPolicy");
    expect(policy).toEqual({
      podSelector: { matchLabels: spec.template.metadata.labels },
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [
        {
          to: [{ podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
          ports: [
            { port: 53, protocol: "UDP" },
            { port: 53, protocol: "TCP" },
          ],
        },
        { to: [{ ipBlock: { cidr: "10.0.96.0/24" } }], ports: [{ port: 5432, protocol: "TCP" }] },
      ],
    });
  });

  test("is another Job when it does something else, and runs again when a password changes", () => {
    expect(metadata).toMatchObject({
      name: expect.stringMatching(/^database-users-[0-9a-f]{8}$/),
      namespace: "breakwater",
    });
    expect(Object.keys(spec.template.metadata.annotations).sort()).toEqual([
      "breakwater.dev/administrator",
      "breakwater.dev/secrets",
      "breakwater.dev/settings",
    ]);
  });
});

const BIN = "/usr/lib/postgresql/15/bin";
/** PostgreSQL refuses to run as root; this user is on every Debian. */
const NOBODY = 65_534;
const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

describe.skipIf(!existsSync(join(BIN, "postgres")))("its script, on a real server with TLS", () => {
  let root: string;
  let port: number;
  let server: ChildProcess;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "breakwater-users-"));
    port = await freePort();
    for (const name of ["etc", "secrets", "run"]) mkdirSync(join(root, name));
    certificates();
    writeFileSync(join(root, "etc", "users.sql"), USERS_SQL);
    writeFileSync(join(root, "etc", "make-users"), MAKE_USERS);
    password("administrator", "state's secret");
    password("front-door", "first's secret");
    password("router", "other secret");
    if (process.getuid?.() === 0) for (const name of ["", "run"]) chownSync(join(root, name), NOBODY, NOBODY);
    const data = join(root, "data");
    as(join(BIN, "initdb"), ["-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", file("administrator")]);
    const settings = {
      listen_addresses: "127.0.0.1",
      unix_socket_directories: join(root, "run"),
      ssl: "on",
      ssl_cert_file: join(root, "server.crt"),
      ssl_key_file: join(root, "server.key"),
      fsync: "off",
      log_statement: "all",
      log_destination: "stderr",
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    server = spawn(join(BIN, "postgres"), ["-D", data, "-p", String(port), ...options], { ...user, stdio: "pipe" });
    server.stderr?.on("data", (bytes) => {
      log += bytes;
    });
    await ready();
    // What a cloud gives its customer: no superuser, but the right to make users and databases.
    const cloud = "CREATE ROLE administrator LOGIN CREATEROLE CREATEDB PASSWORD 'state''s secret'";
    await query("postgres", "state's secret", cloud, "postgres");
    log = "";
  }, 60_000);

  afterAll(async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGINT");
    await ended;
    rmSync(root, { recursive: true });
  });

  let log = "";

  test("makes both users with their rights, and what the state holds opens nothing afterwards", async () => {
    expect(run()).toMatchObject({ status: 0, stdout: "both users get in, and the administrator is locked out\n" });
    expect(await query("front_door", "first's secret", "CREATE TABLE kept (n int)")).toEqual([]);
    const owner = "SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = 'breakwater'";
    expect(await query("router", "other secret", owner)).toEqual([{ owner: "front_door" }]);
    expect(await refusal("router", "other secret", "SELECT * FROM kept")).toBe("42501");
    expect(await refusal("router", "other secret", "CREATE TABLE own (n int)")).toBe("42501");
    expect(await refusal("administrator", "state's secret", "SELECT 1", "postgres")).toBe("28P01");
  });

  test("leaves nobody the rights of another", async () => {
    const members = "SELECT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member";
    const own = `${members} JOIN pg_roles r ON r.oid = a.roleid WHERE r.rolname IN ('front_door', 'router')`;
    expect(await query("postgres", "state's secret", own, "postgres")).toEqual([]);
    const strong =
      "SELECT rolname FROM pg_roles WHERE rolname IN ('front_door', 'router') AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)";
    expect(await query("postgres", "state's secret", strong, "postgres")).toEqual([]);
  });

  test("lets no password into the server's statement log", () => {
    expect(log).toContain("ALTER USER front_door");
    expect(log).not.toContain("secret");
  });

  test("succeeds when it runs again, because both users get in", () => {
    const again = run();
    expect([again.status, again.stdout]).toEqual([
      0,
      "the administrator is locked out already, and both users get in\n",
    ]);
  });

  test("fails and says what to do when a user's password changed behind a locked administrator", () => {
    password("router", "changed");
    const { status, stderr } = run();
    expect(status).toBe(1);
    expect(stderr).toContain("replace the AdminPassword");
    expect(stderr).not.toContain("first's secret");
  });

  test("follows changed passwords once the cloud has set the administrator's anew", async () => {
    await query("postgres", "state's secret", "ALTER ROLE administrator PASSWORD 'n3w'", "postgres");
    password("administrator", "n3w");
    expect(run().status).toBe(0);
    expect(await refusal("router", "other secret")).toBe("28P01");
    expect(await refusal("router", "changed")).toBeUndefined();
    expect(await refusal("administrator", "n3w", "SELECT 1", "postgres")).toBe("28P01");
  });

  test("speaks to no server whose certificate is another's", () => {
    const { status, stderr } = run({ PGHOST: "127.0.0.1" });
    expect(status).toBe(1);
    expect(stderr).toContain("does not match host name");
  });

  function run(other: NodeJS.ProcessEnv = {}) {
    const env = {
      PATH: process.env["PATH"] ?? "",
      POSTGRES_BIN: BIN,
      DATABASE_SETTINGS: join(root, "etc"),
      DATABASE_SECRETS: join(root, "secrets"),
      PGHOST: "localhost",
      PGHOSTADDR: "127.0.0.1",
      PGPORT: String(port),
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: join(root, "ca.crt"),
      DATABASE: "breakwater",
      ADMINISTRATOR: "administrator",
      ...other,
    };
    // A session of its own: `\password` would ask the terminal that the tests were started from.
    return spawnSync("setsid", ["--wait", "sh", join(root, "etc", "make-users")], { env, ...user, encoding: "utf8" });
  }

  function file(name: string): string {
    return join(root, "secrets", `${name}-password`);
  }

  function password(name: string, text: string): void {
    writeFileSync(file(name), text);
    chmodSync(file(name), 0o644);
  }

  function as(program: string, args: readonly string[]): void {
    execFileSync(program, args, { ...user, cwd: root, stdio: "pipe" });
  }

  /** An authority, and a server's certificate for `localhost`. */
  function certificates(): void {
    const openssl = (...args: readonly string[]) => execFileSync("openssl", args, { cwd: root, stdio: "pipe" });
    const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    openssl("req", "-x509", ...made, "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.crt");
    openssl(
      "req",
      ...made.slice(0, 4),
      "-nodes",
      "-subj",
      "/CN=localhost",
      "-keyout",
      "server.key",
      "-out",
      "server.csr",
    );
    openssl(
      "x509",
      "-req",
      "-in",
      "server.csr",
      "-CA",
      "ca.crt",
      "-CAkey",
      "ca.key",
      "-days",
      "2",
      "-out",
      "server.crt",
    );
    if (process.getuid?.() === 0) chownSync(join(root, "server.key"), NOBODY, NOBODY);
    chmodSync(join(root, "server.key"), 0o600);
  }

  async function ready(): Promise<void> {
    const deadline = Date.now() + 30_000;
    while ((await refusal("postgres", "state's secret", "SELECT 1", "postgres")) !== undefined) {
      if (Date.now() > deadline || server.exitCode !== null) throw new Error(log);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function query(name: string, word: string, sql: string, database = "breakwater"): Promise<unknown> {
    const client = new Client({ host: "127.0.0.1", port, user: name, password: word, database });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** Why a statement is refused, undefined when it is not. */
  function refusal(name: string, word: string, sql = "SELECT 1", database?: string): Promise<string | undefined> {
    return query(name, word, sql, database).then(
      () => undefined,
      (error: Error & { code?: string }) => error.code ?? error.message,
    );
  }

  function freePort(): Promise<number> {
    return new Promise((resolve) => {
      const probe = createServer().listen(0, "127.0.0.1", () => {
        const { port: free } = probe.address() as { port: number };
        probe.close(() => resolve(free));
      });
    });
  }
});
