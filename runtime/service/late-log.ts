import type { FastifyBaseLogger } from "fastify";

/** Something that a part of a service wants to be known, in one sentence. */
export interface Notice {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly error?: unknown;
  readonly tenant?: string;
}

/** A service's log, which is there only when the service is built; until then notices go to standard error. */
export class LateLog {
  log: FastifyBaseLogger | undefined;

  readonly notify = ({ level, message, error, tenant }: Notice): void => {
    if (this.log !== undefined) this.log[level]({ err: error, tenant }, message);
    else process.stderr.write(`${level}: ${message}${error === undefined ? "" : ` ${String(error)}`}\n`);
  };
}
