import { z } from "zod";
import type { Operation } from "../../openapi/document.ts";
import { ChatBody } from "../chat/body.ts";
import type { ErrorCode } from "../errors.ts";
import { MemoryQuery } from "../reports/memory.ts";
import { Model, ModelList } from "../reports/models.ts";
import { ADMIN_OPERATIONS } from "./admin-operations.ts";
import { ADMITTED, TENANT_HEADER } from "./common-errors.ts";

const Health = z.object({ status: z.literal("ok"), version: z.string() });
const Status = z.object({ status: z.string() });

const MemoryAnswer = z.object({
  tenant: z.string(),
  query: z.string().meta({ description: "What was searched for, after screening." }),
  results: z.array(
    z.object({
      path: z.string(),
      start_line: z.number(),
      end_line: z.number().optional(),
      score: z.number(),
      snippet: z.string(),
    }),
  ),
});

/** An answer of an agent, in OpenAI's shape, as the cell gives it; OpenAI's documentation says what else is in it. */
export const ChatCompletion = z
  .object({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.number().int(),
    model: z.string(),
    choices: z.array(
      z
        .object({
          index: z.number().int(),
          message: z.object({ role: z.literal("assistant"), content: z.string().nullable() }).loose(),
          finish_reason: z.string().nullable(),
        })
        .loose(),
    ),
    usage: z
      .object({
        prompt_tokens: z.number().int(),
        completion_tokens: z.number().int(),
        total_tokens: z.number().int(),
      })
      .loose()
      .optional(),
  })
  .loose();

const STREAMING = `With \`stream: true\` the answer is \`text/event-stream\`: events \`data: {chunk}\`, then \`data: [DONE]\`. A
stream that fails after it began ends with one event \`data: {"error": ...}\` and without \`[DONE]\`. Whoever saw \`[DONE]\` has a
durable audit record. A conversation goes on under the same \`x-conversation-id\` (or \`user\`) of the same API key and of no
other; the answer's header names it.`;

const CHAT_ERRORS: readonly ErrorCode[] = [
  ...ADMITTED,
  "tenancy/missing",
  "request/invalid-json",
  "request/invalid-body",
  "request/unsupported",
  "request/invalid-conversation",
  "request/too-large",
  "request/wrong-content-type",
  "model/unknown",
  "limits/concurrency",
  "screening/blocked",
  "screening/failed",
  "budget/exceeded",
  "cell/refused",
  "cell/unavailable",
  "cell/timeout",
  "cell/broken-reply",
];

const CHAT: readonly Operation[] = [
  {
    id: "createChatCompletion",
    ...{ method: "post", path: "/v1/chat/completions", tag: "OpenAI" },
    summary: "One turn with an agent",
    description: STREAMING,
    permission: "agent:chat",
    headers: {
      ...TENANT_HEADER,
      "x-conversation-id": "The conversation to go on with; 1 to 128 visible ASCII characters.",
    },
    body: { schema: ChatBody, required: true },
    answers: {
      200: {
        description: "The agent's answer.",
        content: { "application/json": ChatCompletion, "text/event-stream": z.string() },
      },
    },
    errors: CHAT_ERRORS,
  },
  {
    id: "listModels",
    ...{ method: "get", path: "/v1/models", tag: "OpenAI" },
    summary: "The agents of a tenant, as models",
    permission: "agent:view",
    headers: TENANT_HEADER,
    answers: { 200: { description: "All of them.", content: { "application/json": ModelList } } },
    errors: [...ADMITTED, "tenancy/missing"],
  },
  {
    id: "retrieveModel",
    ...{ method: "get", path: "/v1/models/{model}", tag: "OpenAI" },
    summary: "One agent, as a model",
    permission: "agent:view",
    params: { model: "`openclaw`, `openclaw/default` or `openclaw/<agent id>`; the slash may be sent as it is." },
    headers: TENANT_HEADER,
    answers: { 200: { description: "It.", content: { "application/json": Model } } },
    errors: [...ADMITTED, "tenancy/missing", "model/unknown"],
  },
  {
    id: "searchMemory",
    ...{ method: "get", path: "/api/memory/search", tag: "Agents" },
    summary: "Search the memory of a tenant's default agent",
    permission: "agent:view",
    headers: TENANT_HEADER,
    query: MemoryQuery,
    answers: { 200: { description: "What matches.", content: { "application/json": MemoryAnswer } } },
    errors: [
      ...ADMITTED,
      ...(["tenancy/missing", "request/invalid-query", "limits/concurrency", "screening/blocked"] as const),
      ...(["screening/failed", "memory/unavailable", "cell/refused", "cell/unavailable", "cell/timeout"] as const),
      "cell/broken-reply",
    ],
  },
];

const OPEN: readonly Operation[] = [
  {
    id: "health",
    ...{ method: "get", path: "/api/health", tag: "Service" },
    summary: "Whether the front door answers",
    permission: null,
    answers: { 200: { description: "It does.", content: { "application/json": Health } } },
    errors: [],
  },
  {
    id: "live",
    ...{ method: "get", path: "/healthz", tag: "Service" },
    summary: "Whether the process answers, for probes",
    permission: null,
    answers: { 200: { description: "It does.", content: { "application/json": Status } } },
    errors: [],
  },
  {
    id: "ready",
    ...{ method: "get", path: "/readyz", tag: "Service" },
    summary: "Whether requests should be sent here, for probes",
    permission: null,
    answers: {
      200: { description: "Yes.", content: { "application/json": Status } },
      503: { description: "No.", content: { "application/json": Status } },
    },
    errors: [],
  },
  {
    id: "metrics",
    ...{ method: "get", path: "/metrics", tag: "Service" },
    summary: "Figures of all tenants, in Prometheus' text format",
    permission: "metrics:view",
    answers: { 200: { description: "The figures of this replica.", content: { "text/plain": undefined } } },
    errors: ADMITTED,
  },
  {
    id: "openapi",
    ...{ method: "get", path: "/api/openapi.json", tag: "Service" },
    summary: "This document",
    permission: null,
    answers: { 200: { description: "OpenAPI 3.1.", content: { "application/json": undefined } } },
    errors: ["audit/unavailable"],
  },
];

/** Every route of the front door. A test compares them with those that are registered. */
export const OPERATIONS: readonly Operation[] = [...CHAT, ...ADMIN_OPERATIONS, ...OPEN];
