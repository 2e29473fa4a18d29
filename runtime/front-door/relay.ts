import { errorBody, type Refusal, refusal, toRefusal } from "./errors.ts";
import { EventReader } from "./events.ts";

/** How a stream ended, for its audit record. */
export interface StreamEnd {
  readonly code: string;
  readonly status: number;
  readonly tokens: number | null;
}

/** What the relay needs besides the cell's bytes. */
export interface RelayDeps {
  /** Makes the record of this stream durable. */
  readonly record: (end: StreamEnd) => Promise<void>;
  /** What an error of the cell's stream means. */
  readonly explain: (error: unknown) => unknown;
  readonly onError: (error: unknown) => void;
}

/**
 * Passes a cell's events on as they come and records the request once.
 *
 * The record is written at the end, because only then are tokens and outcome known, and before the final `[DONE]` leaves:
 * a client that saw `[DONE]` has a durable record. When the record cannot be written, or the cell fails in the middle,
 * the stream ends in an error event and without `[DONE]`, which OpenAI's SDKs raise as an error. A caller who hangs up is
 * recorded as `client/aborted`. That the log works at all is checked before the cell is called (`guard.ts`).
 */
export async function* relay(
  source: AsyncIterable<Uint8Array>,
  { record, explain, onError }: RelayDeps,
): AsyncGenerator<string, void, void> {
  const reader = new EventReader();
  let recorded = false;
  const settle = async (code: string, status: number): Promise<void> => {
    recorded = true;
    await record({ code, status, tokens: reader.tokens });
  };
  try {
    let problem: Refusal | undefined;
    try {
      let done = false;
      for await (const bytes of source) {
        const piece = reader.push(bytes);
        if (piece.events !== "") yield piece.events;
        done = piece.done;
        if (done) break;
      }
      if (!done) problem = refusal("cell/broken-reply", "a stream without an end");
    } catch (error) {
      problem = toRefusal(explain(error));
    }
    if (problem !== undefined) onError(problem);
    try {
      if (problem !== undefined) await settle(problem.code, problem.status);
      else await settle(reader.failed ? "cell/run-failed" : "ok", 200);
    } catch (error) {
      onError(error);
      problem = refusal("audit/unavailable", "a log that takes no record", { cause: error });
    }
    if (problem?.code !== "client/aborted") yield problem === undefined ? "data: [DONE]\n\n" : errorEvent(problem);
  } finally {
    // Only a consumer that gave up leaves a stream unrecorded.
    if (!recorded) await settle("client/aborted", 499).catch(onError);
  }
}

function errorEvent(problem: Refusal): string {
  return `data: ${JSON.stringify(errorBody(problem))}\n\n`;
}
