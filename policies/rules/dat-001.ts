import { z } from "zod";
import { isSet } from "../known.ts";
import type { ResourceRule } from "../rule.ts";

const aws = z.object({
  publiclyAccessible: z.boolean().optional(),
  storageEncrypted: z.boolean().optional(),
  multiAz: z.boolean().optional(),
});
const alibaba = z.object({
  zoneId: z.string().optional(),
  zoneIdSlaveA: z.string().optional(),
  securityIps: z.array(z.string()).optional(),
});
const tencent = z.object({
  publicAccessSwitch: z.boolean().optional(),
  needSupportTde: z.number().optional(),
  dbNodeSets: z.array(z.object({ zone: z.string() })).optional(),
});

/** Everywhere, so to Alibaba Cloud. */
const ANYBODY = ["0.0.0.0/0", "0.0.0.0", "::/0"];

/** Everything that the platform remembers, budgets and keys included, is in the one database. */
export const dat001: ResourceRule = {
  id: "DAT-001",
  on: {
    "aws:rds/instance:Instance": function* (props) {
      const { publiclyAccessible, storageEncrypted, multiAz } = aws.parse(props);
      if (publiclyAccessible === true) yield "publiclyAccessible is true";
      if (storageEncrypted !== true) yield "storageEncrypted is not true";
      if (!isSet(props, "kmsKeyId")) yield "kmsKeyId is missing";
      if (multiAz !== true) yield "multiAz is not true";
    },
    "alicloud:rds/instance:Instance": function* (props) {
      const { zoneId, zoneIdSlaveA, securityIps = [] } = alibaba.parse(props);
      for (const range of securityIps.filter((ip) => ANYBODY.includes(ip))) yield `securityIps has ${range}`;
      if (!isSet(props, "encryptionKey")) yield "encryptionKey is missing";
      if (zoneIdSlaveA === undefined || zoneIdSlaveA === zoneId) yield `zoneIdSlaveA is ${zoneIdSlaveA ?? "missing"}`;
    },
    // An address of the internet of Alibaba Cloud's is a resource of its own.
    "alicloud:rds/connection:Connection": () => ["the database gets an address of the internet"],
    "tencentcloud:index/postgresqlInstance:PostgresqlInstance": function* (props) {
      const { publicAccessSwitch, needSupportTde, dbNodeSets = [] } = tencent.parse(props);
      if (publicAccessSwitch === true) yield "publicAccessSwitch is true";
      if (needSupportTde !== 1) yield "needSupportTde is not 1";
      if (!isSet(props, "kmsKeyId")) yield "kmsKeyId is missing";
      if (new Set(dbNodeSets.map(({ zone }) => zone)).size < 2) yield "dbNodeSets are in one zone";
    },
  },
};
