import type { Migration } from "../migration.ts";
import { m0001 } from "./0001-keys-agents-budgets.ts";
import { m0002 } from "./0002-budget-functions.ts";

/** Every step of the schema, in order. */
export const MIGRATIONS: readonly Migration[] = [m0001, m0002];
