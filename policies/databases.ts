/** Managed PostgreSQL, by cloud. */
export const DATABASE_TYPES = [
  "aws:rds/instance:Instance",
  "alicloud:rds/instance:Instance",
  "tencentcloud:index/postgresqlInstance:PostgresqlInstance",
] as const;
