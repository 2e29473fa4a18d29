import { readFile } from "node:fs/promises";
import { z } from "zod";
import { jsonOrUndefined } from "../../json/index.ts";
import type { AuditExport } from "../../settings/services.ts";
import { HttpPoster } from "./http.ts";
import type { Delivery, ExportTarget, RefusedRecord, ShippedRecord } from "./target.ts";

type ElasticsearchExport = Extract<AuditExport, { kind: "elasticsearch" }>;

const Reply = z.looseObject({
  errors: z.boolean(),
  items: z.array(
    z.looseObject({
      create: z.looseObject({
        status: z.number().int(),
        error: z.looseObject({ type: z.string().optional() }).optional(),
      }),
    }),
  ),
});

/**
 * Elasticsearch or OpenSearch, by `_bulk`. Documents are created under an id made of writer, number and hash: one that is
 * there already (409) was delivered before, so a repeated delivery does not double it.
 */
export class ElasticsearchTarget implements ExportTarget {
  readonly #settings: ElasticsearchExport;
  readonly #http: HttpPoster;

  constructor(settings: ElasticsearchExport) {
    this.#settings = settings;
    this.#http = new HttpPoster(settings.url, "/_bulk", settings.ca_file);
  }

  async send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<Delivery> {
    const { index, api_key_file: keyFile } = this.#settings;
    const key = keyFile === undefined ? undefined : (await readFile(keyFile, "utf8")).trim();
    const headers = {
      "content-type": "application/x-ndjson",
      ...(key === undefined ? {} : { authorization: `ApiKey ${key}` }),
    };
    const lines = batch.map((record) => {
      const action = JSON.stringify({ create: { _index: index, _id: documentId(record) } });
      return `${action}\n${record.text}\n`;
    });
    const { status, body } = await this.#http.post(headers, lines.join(""), signal);
    if (status === 413) return this.#halves(batch, signal);
    const reply = status === 200 ? Reply.safeParse(jsonOrUndefined(body)).data : undefined;
    if (reply === undefined || reply.items.length !== batch.length) {
      return { refused: [], again: batch, trouble: `HTTP ${status}, no answer of a bulk request` };
    }
    return sorted(batch, reply.items);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  /** The request was too large for the server. */
  async #halves(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<Delivery> {
    const [first] = batch;
    if (batch.length === 1 && first !== undefined) {
      return { refused: [{ record: first, reason: "HTTP 413, the record is too large" }], again: [] };
    }
    const middle = Math.ceil(batch.length / 2);
    const one = await this.send(batch.slice(0, middle), signal);
    const two = await this.send(batch.slice(middle), signal);
    const trouble = one.trouble ?? two.trouble;
    const lists = { refused: [...one.refused, ...two.refused], again: [...one.again, ...two.again] };
    return trouble === undefined ? lists : { ...lists, trouble };
  }
}

/** With the hash, records of a log that was begun anew do not pass for those of the old one. At most 236 bytes of 512. */
function documentId({ writer, seq, hash }: ShippedRecord): string {
  return `${writer}-${seq}-${hash.slice(0, 16)}`;
}

function sorted(batch: readonly ShippedRecord[], items: z.output<typeof Reply>["items"]): Delivery {
  const refused: RefusedRecord[] = [];
  const again: ShippedRecord[] = [];
  let trouble: string | undefined;
  for (const [at, record] of batch.entries()) {
    const { status, error } = items[at]?.create ?? { status: 500, error: undefined };
    if (status < 300 || status === 409) continue;
    const reason = `item status ${status}, ${error?.type ?? "no type"}`;
    // 401, 403 and 404 blame the key and the index, which an operator mends; 429 and 5xx mend by themselves.
    if (status >= 400 && status < 500 && ![401, 403, 404, 408, 429].includes(status)) refused.push({ record, reason });
    else {
      again.push(record);
      trouble ??= reason;
    }
  }
  return trouble === undefined ? { refused, again } : { refused, again, trouble };
}
