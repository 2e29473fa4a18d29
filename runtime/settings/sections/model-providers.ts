import { z } from "zod";
import { hasCredentials } from "../../url/index.ts";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";
import { secretLeaf } from "../secrets.ts";

const kindFacts = {
  says: "echo: the built-in stand-in that repeats what it is told. openai, anthropic, qwen, ernie, deepseek, hunyuan: that provider at its own address. nim, vllm: a server of your own. openai-compatible: any server that speaks the chat completions of OpenAI.",
  enforcer: ENFORCERS.modelRouter,
};

const baseUrl = () =>
  leaf(
    z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .refine((url) => !hasCredentials(url)),
    {
      says: "Address before /chat/completions, or before /messages with kind anthropic; left out where the kind has its own.",
      enforcer: ENFORCERS.modelRouter,
      refusals: {
        invalid_format: {
          code: "settings/invalid-format",
          expected: "an http or https address",
          remedy: 'write it as in "https://api.openai.com/v1"',
        },
        custom: {
          code: "settings/plain-secret",
          expected: "an address without user name and password",
          remedy: "take them out and refer to the key with api_key",
        },
      },
    },
  );

const apiKey = () =>
  secretLeaf({
    says: "Key of the provider; left out when the server asks for none.",
    enforcer: ENFORCERS.providerKey,
  });

const jurisdiction = () =>
  leaf(z.string().regex(/^[a-z]{2}$/), {
    says: 'Country or region whose law the servers are under, such as "us", "eu", "cn"; left out where the address is one that Breakwater knows.',
    enforcer: ENFORCERS.residency,
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "two lower-case letters",
        remedy: 'write it as in "eu"',
      },
    },
  });

const echo = z.strictObject({ kind: leaf(z.literal("echo"), kindFacts), jurisdiction: jurisdiction().optional() });

const hosted = z.strictObject({
  kind: leaf(z.literal(["openai", "anthropic", "qwen", "ernie", "deepseek", "hunyuan"]), kindFacts),
  base_url: baseUrl().optional(),
  api_key: apiKey(),
  jurisdiction: jurisdiction().optional(),
});

const ownServer = z.strictObject({
  kind: leaf(z.literal(["nim", "vllm", "openai-compatible"]), kindFacts),
  base_url: baseUrl(),
  api_key: apiKey().optional(),
  jurisdiction: jurisdiction(),
  internal: leaf(z.boolean(), {
    says: "Whether the server stands in the company's own network, so that what it is sent does not leave.",
    enforcer: ENFORCERS.residency,
  }),
});

/** Name of a provider: also the name of its key file and part of a Kubernetes Secret. */
const providerName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
  .max(50);

export const modelProvider = z.discriminatedUnion("kind", [echo, hosted, ownServer]);

/** The models that the router can reach, by the name that tenants use. */
export const modelProviders = z.record(providerName, modelProvider);
