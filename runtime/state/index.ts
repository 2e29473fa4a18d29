export type { ChannelHandlers, Database, DatabaseDeps, Queries, StateNotice } from "./database.ts";
export { migrate } from "./migrate.ts";
export { openDatabase } from "./open.ts";
export { requireSchema } from "./require-schema.ts";
