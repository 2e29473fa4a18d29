import { type Document, isMap, isSeq } from "yaml";
import { readTemplate } from "./template.ts";

const section = (name: string, ...path: readonly (string | number)[]) => ["config", `breakwater:${name}`, ...path];

/**
 * Puts the models of the shipped private region in China in place of those that acme-dgx serves, whose maker is abroad: on
 * the GPUs, from the mirror and with as many replicas as the model that goes. Prices by the token go too, because they
 * are those of the models that go.
 */
export function serveDomesticModels(document: Document): void {
  const source = readTemplate("acme-alibaba-b");
  const models = section("inference", "models");
  const [from, shipped] = [source.getIn(models), document.getIn(models)];
  if (!isSeq(from) || !isSeq(shipped)) throw new Error("a shipped environment that serves models has none");
  const like = shipped.items.find((item) => isMap(item) && item.get("engine") === "vllm");
  if (!isMap(like)) throw new Error("acme-dgx serves nothing by vLLM");
  for (const model of from.items) {
    if (!isMap(model)) continue;
    for (const key of ["gpu", "replicas", "image"]) model.set(key, like.get(key));
    model.set("source", `${sourceFolder(String(like.get("source")))}/${String(model.get("model"))}/`);
  }
  document.setIn(models, from);
  document.setIn(section("model_providers"), source.getIn(section("model_providers"), true));
  document.setIn(section("multi_tenant", "tenants"), source.getIn(section("multi_tenant", "tenants"), true));
  document.deleteIn(section("model_router", "prices"));
}

/** Where the weights of all models lie, from where those of one do. */
function sourceFolder(one: string): string {
  return one.replace(/\/[^/]+\/?$/, "");
}
