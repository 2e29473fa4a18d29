import type { FastifyBaseLogger } from "fastify";
import { formatProblem, ProblemError } from "../problems/index.ts";

/** A started service, as far as stopping it goes. */
export interface RunningService {
  readonly log: FastifyBaseLogger;
  /** Refuses new requests, waits for running ones, then closes everything. */
  readonly stop: () => Promise<void>;
}

/** How long a service goes on serving after SIGTERM, so that the endpoints of its Service can forget it first. */
const DRAIN_MS = 3000;

/**
 * Starts a service, prints all problems and exits 1 when it refuses, and stops it in order on SIGTERM or SIGINT.
 *
 * @param start is given `draining`: true from the signal on, when the service is not ready and still serves.
 */
export function runService(start: (draining: () => boolean) => Promise<RunningService>): void {
  let draining = false;
  const onSignal = (service: RunningService, signal: NodeJS.Signals): void => {
    if (draining) return;
    draining = true;
    service.log.info({ signal }, "draining");
    setTimeout(() => {
      service.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          service.log.error({ error: String(error) }, "did not stop cleanly");
          process.exit(1);
        },
      );
    }, DRAIN_MS);
  };
  start(() => draining).then(
    (service) => {
      for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => onSignal(service, signal));
    },
    (error: unknown) => {
      const lines = error instanceof ProblemError ? error.problems.map(formatProblem) : [String(error)];
      for (const line of lines) process.stderr.write(`${line}\n`);
      process.exit(1);
    },
  );
}
