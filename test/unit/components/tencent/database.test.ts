import fc from "fast-check";
import { expect, test } from "vitest";
import type { Database } from "../../../../components/platform.ts";
import { poolPlacement } from "../../../../components/pools.ts";
import { SecretFiles } from "../../../../components/secret-files.ts";
import { auditDaysOf, managedDatabase, storageOf } from "../../../../components/tencent/database.ts";
import { Provider } from "../../../../components/tencent/sdk/provider.ts";
import { at, contextFor, DEMAND, ofClass, parts, recordWith } from "./sample.ts";

const pods = {
  image: () => "registry/postgres@sha256:0",
  secretFiles: (name: string, args: ConstructorParameters<typeof SecretFiles>[1], opts: object) =>
    new SecretFiles(name, args, opts),
  placement: poolPlacement,
  dns: {},
};

const databaseOf = (change = {}) => {
  const context = contextFor(change);
  return managedDatabase(context, {
    ...parts(context),
    ...{ authority: "PEM", pods, tencentcloud: new Provider("tencent", { region: context.demand.region }) },
  });
};

/** What the plugin and the cloud would answer. */
const OUTPUTS = {
  AdminPassword: { password: "made-by-the-plugin" },
  PostgresqlInstance: { privateAccessIp: "10.68.192.7" },
};

const made = (change = {}) => recordWith(OUTPUTS, () => databaseOf(change).create("postgres", { storageGiB: 55 }, {}));

test("the database is encrypted with the company's key, has no public address and cannot be deleted by mistake", async () => {
  expect(at(await made(), "PostgresqlInstance", "postgres")).toMatchObject({
    needSupportTde: 1,
    kmsKeyId: "keys-database-id",
    kmsRegion: "ap-guangzhou",
    publicAccessSwitch: false,
    deleteProtection: true,
    securityGroups: ["network-database-id"],
    subnetId: "network-data-ap-guangzhou-4-id",
    dbMajorVersion: "16",
    cpu: 2,
    memory: 8,
    storage: 60,
  });
});

test("it speaks TLS with a certificate for the address that its users call", async () => {
  const seen = await made();
  expect(at(seen, "PostgresqlInstanceSslConfig", "postgres")).toMatchObject({
    dbInstanceId: "postgres-id",
    sslEnabled: true,
    connectAddress: "10.68.192.7",
  });
});

test("a backup is made every night and kept as long as asked", async () => {
  const { backupPlan } = at(await made(), "PostgresqlInstance", "postgres");
  expect(backupPlan).toMatchObject({ baseBackupRetentionPeriod: 14 });
  expect(backupPlan.backupPeriods).toHaveLength(7);
});

test.each([
  [true, ["ap-guangzhou-4", "ap-guangzhou-6"]],
  [false, ["ap-guangzhou-4", "ap-guangzhou-4"]],
])("with high availability %s its machines stand in %j", async (highAvailability, zones) => {
  const { dbNodeSets } = at(
    await made({ database: { ...DEMAND.database, highAvailability } }),
    "PostgresqlInstance",
    "postgres",
  );
  expect(dbNodeSets.map(({ zone }: { zone: string }) => zone)).toEqual(zones);
});

test("the administrator's password is made by the plugin, goes to the cloud and to the Job that locks it out, as a secret", async () => {
  const seen = await made();
  expect(ofClass(seen, "AdminPassword").map(({ name }) => name)).toEqual(["postgres-administrator"]);
  expect(at(seen, "PostgresqlInstance", "postgres").rootPassword).toBe("made-by-the-plugin");
  expect(ofClass(seen, "Job")).toHaveLength(1);
  const others = seen.filter(({ type }) => !/PostgresqlInstance$|:Secret$/.test(type)).map(({ inputs }) => inputs);
  expect(JSON.stringify(others)).not.toContain("made-by-the-plugin");
});

test("its users may reach the data subnets and nothing else, and check who signed its certificate", async () => {
  let database: Database | undefined;
  await recordWith(OUTPUTS, () => {
    database = databaseOf();
  });
  expect(database).toMatchObject({
    authority: "PEM",
    port: 5432,
    peers: [
      { ipBlock: { cidr: "10.68.192.0/20" } },
      { ipBlock: { cidr: "10.68.208.0/20" } },
      { ipBlock: { cidr: "10.68.224.0/20" } },
    ],
  });
});

test("storage and audit log are never less than asked, in steps that are sold", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), (gib) => {
      expect(storageOf(gib) % 10).toBe(0);
      expect(storageOf(gib) - gib).toBeGreaterThanOrEqual(0);
      expect(storageOf(gib) - gib).toBeLessThan(10);
    }),
  );
  fc.assert(fc.property(fc.integer({ min: 1, max: 1825 }), (days) => auditDaysOf(days) >= days));
  expect([auditDaysOf(366), auditDaysOf(5000)]).toEqual([1095, 1825]);
});
