import type { z } from "zod";
import { zodProblems } from "../../service/zod-problems.ts";
import { Refusal } from "../errors.ts";

/** Reads the body of an administrative request. @throws Refusal `admin/invalid-body` with every problem, values unnamed. */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const about = { code: "admin/invalid-body", root: "", remedy: "correct it" } as const;
  throw new Refusal("admin/invalid-body", zodProblems(parsed.error, body, about));
}

/** Reads a query string. @throws Refusal `request/invalid-query` with every problem. @param remedy the query as it should be */
export function parseQuery<S extends z.ZodType>(schema: S, query: unknown, remedy: string): z.output<S> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const about = { code: "request/invalid-query", root: "", remedy } as const;
  throw new Refusal("request/invalid-query", zodProblems(parsed.error, query, about));
}
