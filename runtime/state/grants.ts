/** What the model router may do: budgets and usage, and see which schema there is. Keys and agents are none of its business. */
const ROUTER_RIGHTS: Readonly<Record<string, string>> = {
  schema_migrations: "SELECT",
  budget_holders: "SELECT, INSERT, UPDATE, DELETE",
  budget_periods: "SELECT, INSERT, UPDATE",
  budget_leases: "SELECT, INSERT, UPDATE, DELETE",
  usage_monthly: "SELECT, INSERT, UPDATE",
};

/**
 * Least privilege of the database user `router`, set anew at every migration: rights that a former version gave are
 * taken back. Where there is no such user, as with one user for everything, nothing happens.
 */
export const GRANTS: readonly string[] = [
  `DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'router') AND current_user <> 'router' THEN
      REVOKE ALL ON ALL TABLES IN SCHEMA public FROM router;
      ${Object.entries(ROUTER_RIGHTS)
        .map(([table, rights]) => `GRANT ${rights} ON ${table} TO router;`)
        .join("\n      ")}
    END IF;
  END $$`,
];
