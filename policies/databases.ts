import { AWS_CLUSTER } from "./aurora.ts";

/** Managed PostgreSQL, by cloud. */
export const DATABASE_TYPES = [
  "aws:rds/instance:Instance",
  AWS_CLUSTER,
  "alicloud:rds/instance:Instance",
  "tencentcloud:index/postgresqlInstance:PostgresqlInstance",
] as const;
