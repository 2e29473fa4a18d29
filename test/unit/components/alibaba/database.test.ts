import fc from "fast-check";
import { expect, test } from "vitest";
import { diskGiB } from "../../../../components/alibaba/database.ts";
import { built, demand, inputsOf, planned, platformFor } from "./world.ts";

const wanted = demand("acme-alibaba");
const nodes = ["10.80.0.0/18", "10.80.64.0/18", "10.80.128.0/18"];
const resources = await built(wanted);
const instance = inputsOf(resources, "rds/instance:Instance");

test("the database is reachable from the nodes' vSwitches alone", () => {
  expect(instance["securityIps"]).toEqual(nodes);
  expect(instance).toMatchObject({ vpcId: "alibaba-network-id", vswitchId: "alibaba-network-data-cn-hangzhou-i-id" });
});

test("it has no line for a connection without TLS, and passwords are salted hashes", () => {
  const lines = instance["pgHbaConfs"] as { type: string; address: string; method: string }[];
  expect(lines.map(({ type, method }) => `${type} ${method}`)).toEqual(Array(3).fill("hostssl scram-sha-256"));
  expect(lines.map(({ address }) => address)).toEqual(nodes);
  expect(instance).toMatchObject({ sslAction: "Open" });
});

test("its disk is encrypted with a key of its own, and neither engine nor cloud deletes it", async () => {
  expect(instance).toMatchObject({ encryptionKey: "alibaba-keys-database-id", deletionProtection: true });
  const plan = await planned(wanted);
  expect(plan.find(({ type }) => type.endsWith("rds/instance:Instance"))?.protected).toBe(true);
});

test("without high availability it is one server, with it a standby in another zone", async () => {
  expect(instance).toMatchObject({ category: "Basic", instanceType: "pg.n2.2c.1m" });
  const larger = demand("acme-alibaba", { database: { ...wanted.database, highAvailability: true, memoryGiB: 8 } });
  expect(inputsOf(await built(larger), "rds/instance:Instance")).toMatchObject({
    category: "HighAvailability",
    instanceType: "pg.n4.2c.2m",
    zoneId: "cn-hangzhou-i",
    zoneIdSlaveA: "cn-hangzhou-j",
    vswitchId: "alibaba-network-data-cn-hangzhou-i-id,alibaba-network-data-cn-hangzhou-j-id",
  });
});

test("a backup of every day and its log are kept as long as asked for, within what RDS takes", async () => {
  expect(inputsOf(resources, ":BackupPolicy")).toMatchObject({
    backupRetentionPeriod: 35,
    logBackupRetentionPeriod: 35,
  });
  const short = demand("acme-alibaba", { database: { ...wanted.database, backupDays: 1 } });
  expect(inputsOf(await built(short), ":BackupPolicy")).toMatchObject({ backupRetentionPeriod: 7 });
});

/** How the engine is told that an input is a secret. */
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

test("the administrator's password goes to the engine as a secret", () => {
  expect(Object.values(inputsOf(resources, "rds/account:Account")["accountPassword"] as object)).toEqual([
    SECRET_SIGNATURE,
    "an-example-no-password",
  ]);
});

test("users are made by name of the made server, over TLS by its authority, once administrator and namespace are there", async () => {
  const files = inputsOf(resources, ":ConfigMap", "postgres-users") as { data: Record<string, string> };
  expect(files.data["database-ca.pem"]).toContain("an example, no certificate");
  expect(JSON.stringify(inputsOf(resources, ":Job"))).toContain("pgm-example.pg.rds.aliyuncs.com");
  const plan = await planned(wanted);
  const account = plan.find(({ type }) => type.endsWith("rds/account:Account"));
  const users = plan.find(({ name, custom }) => name === "postgres-users" && !custom);
  expect(users?.dependencies).toContain(account?.urn);
});

test("who uses it is told where it answers: the data vSwitches, the port of PostgreSQL", async () => {
  const { database } = await platformFor(wanted);
  expect(database.port).toBe(5432);
  expect(database.peers).toEqual(
    ["10.80.192.0/20", "10.80.208.0/20", "10.80.224.0/20"].map((cidr) => ({ ipBlock: { cidr } })),
  );
});

test("a disk is never smaller than asked for and always one that RDS sells", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16_384 }), (asked) => {
      const disk = diskGiB(asked);
      expect(disk).toBeGreaterThanOrEqual(Math.max(20, asked));
      expect(disk % 5).toBe(0);
      expect(disk - asked).toBeLessThan(asked < 20 ? 20 : 5);
    }),
  );
});
