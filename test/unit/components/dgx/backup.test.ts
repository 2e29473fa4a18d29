import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { backupScript } from "../../../../components/dgx/backup.ts";
import { objectAt, ofKind, recordPlan, sectionsOf, specOf } from "../../../support/plan.ts";

const plan = await recordPlan(sectionsOf("acme-dgx"), { environment: "acme-dgx" });
const job = specOf<{ schedule: string; concurrencyPolicy: string; jobTemplate: { spec: { template: { spec: Pod } } } }>(
  objectAt(plan, "CronJob", "breakwater", "backup"),
);

interface Pod {
  readonly automountServiceAccountToken: boolean;
  readonly containers: readonly { readonly command: readonly string[]; readonly env: readonly { name: string }[] }[];
}

test("the database is dumped every night, one dump at a time, by a restricted pod without the API server's token", () => {
  expect([job.schedule, job.concurrencyPolicy]).toEqual(["17 2 * * *", "Forbid"]);
  const pod = job.jobTemplate.spec.template.spec;
  expect(pod.automountServiceAccountToken).toBe(false);
  expect(pod.containers).toMatchObject([
    {
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
    },
  ]);
});

test("the cluster has the certificate to encrypt to, and not the key that opens", () => {
  const secrets = plan.find(({ inputs }) => inputs["name"] === "backup-secrets");
  expect(secrets?.inputs["files"]).toEqual({
    "postgres-password": "platform/postgres-front-door-password",
    "certificate.pem": "platform/backup-certificate.pem",
    "authority.crt": "platform/authority.crt",
  });
});

test("the password is in no environment variable of the pod, and the server must be the one that is meant", () => {
  const [container] = job.jobTemplate.spec.template.spec.containers;
  expect(container?.env.slice(0, 4).map(({ name }) => name)).toEqual(["PGHOST", "PGPORT", "PGDATABASE", "PGUSER"]);
  expect(container?.env.slice(4)).toEqual([
    { name: "PGSSLMODE", value: "verify-full" },
    { name: "PGSSLROOTCERT", value: "/run/secrets/backup/authority.crt" },
  ]);
});

test("dumps outlive what makes them, and their volume holds them all", () => {
  const claim = objectAt(plan, "PersistentVolumeClaim", "breakwater", "backup");
  expect(claim.protected).toBe(true);
  // 35 days and one more, each at most half of 50 GiB.
  expect(specOf(claim)).toMatchObject({ resources: { requests: { storage: "900Gi" } } });
});

test("backups reach the database and DNS, and the database lets them in beside its users", () => {
  const out = specOf<{ egress: readonly { ports: readonly { port: number }[] }[]; ingress: unknown }>(
    objectAt(plan, "NetworkPolicy", "breakwater", "backup"),
  );
  expect(out.ingress).toEqual([]);
  expect(out.egress.map(({ ports }) => ports.map(({ port }) => port))).toEqual([[5432], [53, 53]]);
  expect(specOf(objectAt(plan, "NetworkPolicy", "breakwater", "postgres-backup"))).toEqual({
    podSelector: { matchLabels: { "app.kubernetes.io/component": "postgres" } },
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: [{ podSelector: { matchLabels: { "app.kubernetes.io/component": "backup" } } }],
        ports: [{ port: 5432, protocol: "TCP" }],
      },
    ],
  });
});

test("no Service takes a backup's pod for one of its own", () => {
  const selectors = ofKind(plan, "Service").map((service) =>
    JSON.stringify(specOf<{ selector: unknown }>(service).selector),
  );
  expect(selectors.filter((selector) => selector.includes("backup"))).toEqual([]);
});

const tools = ["bash", "openssl", "find"].every((tool) => spawnSync(tool, ["--help"]).error === undefined);

describe.skipIf(!tools)("the script itself (needs bash and openssl), with a stand-in for pg_dump", () => {
  const root = mkdtempSync(join(tmpdir(), "breakwater-backup-"));
  afterAll(() => rmSync(root, { recursive: true }));
  const secrets = join(root, "secrets");
  mkdirSync(secrets);
  writeFileSync(join(secrets, "postgres-password"), "secret");
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "rsa:3072", "-nodes", "-days", "1", "-subj", "/CN=backup"],
      ...["-keyout", join(root, "key.pem"), "-out", join(secrets, "certificate.pem")],
    ],
    { stdio: "ignore" },
  );

  /** Runs the script on a folder of its own. */
  function run(folder: string, dump: string) {
    const volume = join(root, folder);
    mkdirSync(volume, { recursive: true });
    const stand = join(root, "pg_dump");
    writeFileSync(stand, `#!/bin/bash\n${dump}\n`);
    chmodSync(stand, 0o755);
    const script = backupScript(35)
      .replace("/usr/lib/postgresql/15/bin/pg_dump", stand)
      .replaceAll("/run/secrets/backup", secrets)
      .replace("/var/lib/breakwater/backup", volume);
    const { status } = spawnSync("bash", ["-c", script]);
    return { status, files: readdirSync(volume).sort(), volume };
  }

  test("what it writes is opened by the key, and is what was dumped by that password", () => {
    const { status, files, volume } = run("good", 'echo "dump of $PGPASSWORD"');
    expect([status, files.length]).toEqual([0, 1]);
    const [file = ""] = files;
    expect(file).toMatch(/^breakwater-\d{8}T\d{6}Z\.dump\.cms$/);
    expect(readFileSync(join(volume, file)).includes("dump of")).toBe(false);
    const opened = execFileSync("openssl", [
      ...["cms", "-decrypt", "-inform", "DER", "-inkey", join(root, "key.pem"), "-in", join(volume, file)],
    ]);
    expect(opened.toString()).toBe("dump of secret\n");
  });

  test("a dump that breaks off is no backup", () => {
    const { status, files } = run("broken", "echo half; exit 1");
    expect(status).not.toBe(0);
    expect(files).toEqual([".part"]);
  });

  test("dumps older than they are kept are deleted, and nothing else", () => {
    const volume = join(root, "old");
    mkdirSync(volume);
    const old = new Date(Date.now() - 40 * 86_400_000);
    for (const name of ["breakwater-20200101T000000Z.dump.cms", "notes.txt"]) {
      writeFileSync(join(volume, name), "");
      utimesSync(join(volume, name), old, old);
    }
    const { files } = run("old", "echo new");
    expect(files).toHaveLength(2);
    expect(files).toContain("notes.txt");
    expect(files).not.toContain("breakwater-20200101T000000Z.dump.cms");
  });
});
