import { buildEchoModel } from "../echo-model/app.ts";
import { startFrontDoor } from "../front-door/start.ts";
import { startRouter } from "../router/start.ts";
import type { FrontDoorSettings, RouterSettings } from "../settings/services.ts";
import { migrate, openDatabase } from "../state/index.ts";
import { cellStandIn, type StandInTenant } from "./cell-stand-in.ts";

export type { StandInTenant } from "./cell-stand-in.ts";

/** Everything that the development server runs, on loopback. */
export interface DevArgs {
  readonly frontDoor: FrontDoorSettings;
  readonly router: RouterSettings;
  readonly tenants: readonly StandInTenant[];
  readonly cellsPort: number;
  readonly echoModelPort: number;
  /** Folder of the database; undefined: nothing outlives the process. */
  readonly databaseDirectory: string | undefined;
}

const LOOPBACK = "127.0.0.1";
const REPLICA = "dev";

/**
 * Front door, model router, database, echo model and stand-ins of the cells in this process: the real services with
 * their real checks, without OpenClaw, sandboxes and walls.
 * @throws ProblemError with everything that stands in the way; Error `EADDRINUSE` when a port is taken.
 */
export async function startDev(args: DevArgs): Promise<{ readonly stop: () => Promise<void> }> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) await next();
  };
  const draining = (): boolean => false;
  try {
    const directory = args.databaseDirectory;
    const database = await openDatabase({ kind: "pglite", ...(directory === undefined ? {} : { directory }) });
    stops.push(() => database.close());
    await migrate(database);
    const echo = buildEchoModel(() => Date.now());
    stops.push(() => echo.close());
    await echo.listen({ host: LOOPBACK, port: args.echoModelPort });
    const router = await startRouter(args.router, { draining, database, replica: REPLICA });
    stops.push(router.stop);
    const cells = cellStandIn(args.tenants, `http://${LOOPBACK}:${args.router.listen.port}`);
    stops.push(() => cells.close());
    await cells.listen({ host: LOOPBACK, port: args.cellsPort });
    const frontDoor = await startFrontDoor(args.frontDoor, { draining, database, replica: REPLICA });
    stops.push(frontDoor.stop);
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
