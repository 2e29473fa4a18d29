import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";
import { secretLeaf } from "../secrets.ts";

const kindFacts = {
  says: "echo: the built-in stand-in that repeats what it is told and costs nothing. openai-compatible: any server that speaks the chat completions of OpenAI.",
  enforcer: ENFORCERS.modelRouter,
};

const echo = z.strictObject({ kind: leaf(z.literal("echo"), kindFacts) });

const openAiCompatible = z.strictObject({
  kind: leaf(z.literal("openai-compatible"), kindFacts),
  base_url: leaf(
    z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .refine((url) => !URL.canParse(url) || (new URL(url).username === "" && new URL(url).password === "")),
    {
      says: "Address before /chat/completions.",
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
  ),
  api_key: secretLeaf({
    says: "Key of the provider; left out when the server asks for none.",
    enforcer: ENFORCERS.providerKey,
  }).optional(),
});

/** Name of a provider: also the name of its key file and part of a Kubernetes Secret. */
const providerName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
  .max(50);

/** The models that the router can reach, by the name that tenants use. */
export const modelProviders = z.record(providerName, z.discriminatedUnion("kind", [echo, openAiCompatible]));
