import type { FastifyBaseLogger } from "fastify";
import { formatProblem, ProblemError } from "../problems/index.ts";

/** A started service, as far as stopping it goes. */
export interface RunningService {
  readonly log: FastifyBaseLogger;
  /** From now on not ready; requests are still served. */
  readonly drain: () => void;
  /** Refuses new requests, waits for running ones, then closes everything. */
  readonly stop: () => Promise<void>;
}

/** How long a service goes on serving after SIGTERM, so that the endpoints of its Service can forget it first. */
const DRAIN_MS = 3000;

/** Starts a service, prints all problems and exits 1 when it refuses, and stops it in order on SIGTERM or SIGINT. */
export function runService(start: () => Promise<RunningService>): void {
  start().then(stopOnSignal, (error: unknown) => {
    const lines = error instanceof ProblemError ? error.problems.map(formatProblem) : [String(error)];
    for (const line of lines) process.stderr.write(`${line}\n`);
    process.exit(1);
  });
}

function stopOnSignal(service: RunningService): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    service.log.info({ signal }, "draining");
    service.drain();
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
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}
