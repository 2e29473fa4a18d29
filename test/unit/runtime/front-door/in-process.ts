import type { CellRequest, Cells } from "../../../../runtime/front-door/chat/upstream.ts";
import type { ReplySink } from "../../../../runtime/http/index.ts";

/** What a stand-in cell answers with. */
export interface StandInReply {
  readonly status?: number;
  readonly contentType?: string;
  readonly chunks: readonly (string | Buffer)[];
  /** How it ends; left out: as it should. */
  readonly failure?: "unreachable" | "timeout" | "broken";
}

/** Cells without sockets, for many requests in little time: each answers by a function of its request. */
export function standInCells(
  answer: (request: CellRequest) => StandInReply,
): Cells & { readonly asked: CellRequest[] } {
  const asked: CellRequest[] = [];
  const post = (request: CellRequest, sink: ReplySink) => {
    asked.push(request);
    const call = { finished: false, abort: () => {}, resume: () => {} };
    call.abort = () => {
      if (call.finished) return;
      call.finished = true;
      sink.onFailure("aborted", new Error("ended by us"));
    };
    setImmediate(() => {
      const { status = 200, contentType, chunks, failure } = answer(request);
      sink.onHead(status, contentType ?? request.accept, undefined);
      for (const chunk of chunks) if (!call.finished) sink.onData(Buffer.from(chunk));
      if (call.finished) return;
      call.finished = true;
      if (failure === undefined) sink.onEnd();
      else sink.onFailure(failure, new Error(failure));
    });
    return call;
  };
  return { asked, post, close: async () => {} };
}

/** An audit log that takes everything and keeps it in memory. */
export function memoryAudit(entries: unknown[] = []) {
  return {
    entries,
    healthy: true,
    ready: async () => true,
    append: async (entry: unknown) => void entries.push(entry),
    appendThen: (entry: unknown, done: (error: Error | undefined) => void) => {
      entries.push(entry);
      setImmediate(done, undefined);
    },
  };
}
