import { readFileSync } from "node:fs";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { AuditExport } from "../../settings/services.ts";
import { ACCEPTED, type Delivery, type ExportTarget, type ShippedRecord } from "./target.ts";

type SyslogExport = Extract<AuditExport, { kind: "syslog" }>;

/** Facility 13, log audit; severities 6 informational and 4 warning (RFC 5424, 6.2.1). */
const FACILITY = 13;
const INFORMATIONAL = 6;
const WARNING = 4;

/** From the connection to the receiver's goodbye. */
const BATCH_MS = 30_000;

/** One syslog message (RFC 5424) in octet-counting framing (RFC 6587, 3.4.1; RFC 5425, 4.3). No byte order mark. */
export function syslogFrame({ writer, time, kind, decision, text }: ShippedRecord): string {
  const priority = FACILITY * 8 + (decision === "allow" ? INFORMATIONAL : WARNING);
  const message = `<${priority}>1 ${time} ${writer} breakwater - ${kind} - ${text}`;
  return `${Buffer.byteLength(message)} ${message}`;
}

/**
 * Syslog over TCP or TLS. The protocol has no acknowledgement, so each batch has a connection of its own: we say that
 * nothing more comes, and count the batch as delivered when the receiver, having read up to there, closes its side
 * without an error. A write that the kernel took proves nothing.
 */
export class SyslogTarget implements ExportTarget {
  readonly #settings: SyslogExport;

  constructor(settings: SyslogExport) {
    this.#settings = settings;
  }

  send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<Delivery> {
    const bytes = Buffer.from(batch.map(syslogFrame).join(""));
    return new Promise<Delivery>((resolve, reject) => {
      const socket = this.#connect(() => socket.end(bytes));
      const stop = (): void => {
        socket.destroy(new Error("stopped"));
      };
      let ended = false;
      signal.addEventListener("abort", stop, { once: true });
      socket.setTimeout(BATCH_MS, () => socket.destroy(new Error(`no goodbye within ${BATCH_MS / 1000} s`)));
      // Whatever the receiver says is none of the protocol; it must be read for its end to be seen.
      socket.resume();
      socket.once("end", () => {
        ended = socket.writableFinished;
      });
      socket.once("error", reject);
      socket.once("close", () => {
        signal.removeEventListener("abort", stop);
        if (ended) resolve(ACCEPTED);
        else reject(new Error("the receiver closed the connection before it had read everything"));
      });
    });
  }

  async close(): Promise<void> {}

  #connect(onConnect: () => void): Socket {
    const { host, port, transport, ca_file: caFile } = this.#settings;
    if (transport === "tcp") return connectTcp({ host, port }, onConnect);
    const ca = caFile === undefined ? {} : { ca: readFileSync(caFile) };
    return connectTls({ host, port, ...ca }, onConnect);
  }
}
