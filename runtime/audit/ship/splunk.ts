import { readFile } from "node:fs/promises";
import { z } from "zod";
import { jsonOrUndefined } from "../../json/index.ts";
import type { AuditExport } from "../../settings/services.ts";
import { HttpPoster } from "./http.ts";
import { ACCEPTED, type Delivery, type ExportTarget, type RefusedRecord, type ShippedRecord } from "./target.ts";

type SplunkExport = Extract<AuditExport, { kind: "splunk" }>;

const Reply = z.looseObject({ code: z.number().int(), text: z.string().optional() });

/**
 * Codes of the event collector that blame an event: 5 no data, 6 invalid data format, 12 event field is required,
 * 13 event field cannot be blank, 15 error in handling indexed fields. All others blame the token, the index or the
 * server, and mend without the event (Splunk, "Troubleshoot HTTP Event Collector", read 2026-11).
 */
const EVENT_CODES: ReadonlySet<number> = new Set([5, 6, 12, 13, 15]);

/** Splunk's HTTP event collector. Each record is one event; HTTP 200 with code 0 accepts all events of a request. */
export class SplunkTarget implements ExportTarget {
  readonly #settings: SplunkExport;
  readonly #http: HttpPoster;

  constructor(settings: SplunkExport) {
    this.#settings = settings;
    this.#http = new HttpPoster(settings.url, "/services/collector/event", settings.ca_file);
  }

  async send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<Delivery> {
    const refused: RefusedRecord[] = [];
    // The answer does not say which events of a refused request are stored: halves are sent until the bad one is alone.
    const pieces: (readonly ShippedRecord[])[] = [batch];
    for (let piece = pieces.pop(); piece !== undefined; piece = pieces.pop()) {
      const outcome = await this.#post(piece, signal);
      if (outcome.accepted) continue;
      const [first] = piece;
      if (!outcome.eventsToBlame) {
        return { refused, again: [...piece, ...pieces.reverse().flat()], trouble: outcome.reason };
      }
      if (piece.length === 1 && first !== undefined) {
        refused.push({ record: first, reason: outcome.reason });
        continue;
      }
      const middle = Math.ceil(piece.length / 2);
      pieces.push(piece.slice(middle), piece.slice(0, middle));
    }
    return refused.length === 0 ? ACCEPTED : { refused, again: [] };
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #post(
    piece: readonly ShippedRecord[],
    signal: AbortSignal,
  ): Promise<{ readonly accepted: boolean; readonly eventsToBlame: boolean; readonly reason: string }> {
    // Read each time: a token is exchanged without a restart.
    const token = (await readFile(this.#settings.token_file, "utf8")).trim();
    const headers = { authorization: `Splunk ${token}`, "content-type": "application/json" };
    const { status, body } = await this.#http.post(
      headers,
      piece.map((record) => this.#event(record)).join("\n"),
      signal,
    );
    const code = Reply.safeParse(jsonOrUndefined(body)).data?.code;
    const accepted = status === 200 && code === 0;
    const eventsToBlame = status === 413 || (status === 400 && code !== undefined && EVENT_CODES.has(code));
    return { accepted, eventsToBlame, reason: `HTTP ${status}, code ${code ?? "none"}` };
  }

  #event({ writer, time, text }: ShippedRecord): string {
    const { index } = this.#settings;
    const place = { time: Date.parse(time) / 1000, host: writer, source: "breakwater", sourcetype: "breakwater:audit" };
    const head = JSON.stringify({ ...place, ...(index === undefined ? {} : { index }) });
    return `${head.slice(0, -1)},"event":${text}}`;
  }
}
