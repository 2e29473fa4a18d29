import OpenAI, {
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from "openai";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Answer, completion, type FrontDoor, openFrontDoor } from "./fixture.ts";

let door: FrontDoor;
let limited: FrontDoor;

beforeAll(async () => {
  door = await openFrontDoor();
  limited = await openFrontDoor({ keyLimits: { requests_per_minute: 1 } });
});
beforeEach(() => {
  door.answer = completion;
});
afterEach(() => {
  door.answer = completion;
});
afterAll(async () => {
  await door.close();
  await limited.close();
});

async function client(
  options: { tenant?: string | null; role?: string; key?: string; at?: FrontDoor } = {},
): Promise<OpenAI> {
  const { tenant = "marketing", role = "user", at = door } = options;
  const own = at.bearer(tenant, role)["authorization"]?.slice("Bearer ".length) ?? "";
  return new OpenAI({
    apiKey: options.key ?? own,
    baseURL: `http://127.0.0.1:${await at.port()}/v1`,
    maxRetries: 0,
  });
}

const turn = { model: "openclaw/default", messages: [{ role: "user" as const, content: "hello" }] };
const failure = async (promise: PromiseLike<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> => {
  const thrown = await Promise.resolve(promise).catch((error: unknown) => error);
  if (thrown instanceof OpenAI.APIError) return thrown;
  throw new Error("no API error", { cause: thrown });
};

const chunk = (content: string) => ({
  ...{ id: "chatcmpl_1", object: "chat.completion.chunk", created: 1, model: "openclaw/main" },
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
});
const event = (data: unknown) => `data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
const stream =
  (...events: readonly unknown[]): Answer =>
  (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(events.map(event).join(""));
  };

describe("the official openai client, unchanged", () => {
  test("lists and finds models", async () => {
    const openai = await client();
    const ids: string[] = [];
    for await (const { id } of openai.models.list()) ids.push(id);
    expect(ids).toEqual(["openclaw", "openclaw/default"]);
    expect((await openai.models.retrieve("openclaw/default")).owned_by).toBe("marketing");
  });

  test("chats with an agent of its own tenant", async () => {
    const { choices, usage } = await (await client()).chat.completions.create(turn);
    expect([choices[0]?.message.content, usage?.total_tokens]).toEqual(["marketing", 5]);
  });

  test("reads a stream to its end, with usage", async () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    door.answer = stream(chunk("Hel"), chunk("lo"), { ...chunk(""), choices: [], usage }, "[DONE]");
    const events = await (await client()).chat.completions.create({
      ...turn,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let tokens: number | undefined;
    for await (const part of events) {
      text += part.choices[0]?.delta.content ?? "";
      tokens = part.usage?.total_tokens ?? tokens;
    }
    expect([text, tokens]).toEqual(["Hello", 3]);
  });

  test("aborts a stream, and the cell's call ends and the record says so", async () => {
    let closed = false;
    door.answer = (response) => {
      response.on("close", () => {
        closed = true;
      });
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(event(chunk("first")));
    };
    const events = await (await client()).chat.completions.create({ ...turn, stream: true });
    for await (const part of events) {
      expect(part.choices[0]?.delta.content).toBe("first");
      break;
    }
    events.controller.abort();
    await vi.waitFor(() => expect(closed).toBe(true));
    await vi.waitFor(async () => expect((await door.records()).at(-1)?.code).toBe("client/aborted"));
  });

  test("learns of a stream that failed after it began", async () => {
    door.answer = stream(chunk("Hel"), { error: { message: "the run failed", type: "server_error" } });
    const events = await (await client()).chat.completions.create({ ...turn, stream: true });
    const read = async () => {
      for await (const part of events) expect(part).toBeDefined();
    };
    await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError);
  });
});

describe("the client's own error classes", () => {
  test("AuthenticationError for a key that is none, and for one that is not known", async () => {
    for (const [key, code] of [
      ["sk-1", "identity/malformed-key"],
      [`bw_aaaaaaaa_${"A".repeat(43)}`, "identity/unknown-key"],
    ] as const) {
      const error = await failure((await client({ key })).chat.completions.create(turn));
      expect([error instanceof AuthenticationError, error.status, error.code]).toEqual([true, 401, code]);
    }
  });

  test("PermissionDeniedError for a role that may not", async () => {
    const error = await failure((await client({ role: "auditor" })).chat.completions.create(turn));
    expect([error instanceof PermissionDeniedError, error.code]).toEqual([true, "permission/denied"]);
  });

  test("NotFoundError for a model that the tenant does not have", async () => {
    const openai = await client();
    const chat = await failure(openai.chat.completions.create({ ...turn, model: "gpt-4o" }));
    const found = await failure(openai.models.retrieve("openclaw/nobody"));
    expect([chat instanceof NotFoundError, found instanceof NotFoundError]).toEqual([true, true]);
    expect([chat.code, found.code]).toEqual(["model/unknown", "model/unknown"]);
  });

  test("BadRequestError, with every problem in the message", async () => {
    const error = await failure((await client()).chat.completions.create({ ...turn, temperature: 9, top_p: 7 }));
    expect([error instanceof BadRequestError, error.code]).toEqual([true, "request/invalid-body"]);
    expect(error.message).toMatch(/temperature.*\n.*top_p/);
  });

  test("RateLimitError with the seconds to wait", async () => {
    const openai = await client({ at: limited });
    await openai.models.list();
    const error = await failure(openai.models.list());
    expect([error instanceof RateLimitError, error.code]).toEqual([true, "limits/rate"]);
    expect(Number(error.headers?.get("retry-after"))).toBeGreaterThan(0);
  });

  test("InternalServerError for a cell that is broken or gone", async () => {
    door.answer = (response) => response.writeHead(500).end("{}");
    const broken = await failure((await client()).chat.completions.create(turn));
    door.answer = (response) => response.writeHead(503).end("{}");
    const gone = await failure((await client()).chat.completions.create(turn));
    expect([broken, gone].map((error) => [error instanceof InternalServerError, error.status, error.code])).toEqual([
      [true, 502, "cell/broken-reply"],
      [true, 503, "cell/unavailable"],
    ]);
  });

  test("every error carries the trace id that the audit log has", async () => {
    const error = await failure((await client({ role: "auditor" })).chat.completions.create(turn));
    expect(error.headers?.get("x-trace-id")).toBe((await door.records()).at(-1)?.trace_id);
  });
});
