import { STATE_OWNED_HOME } from "@breakwater/runtime/settings";
import { type Document, isMap, isScalar, isSeq, type Node, visit } from "yaml";
import type { Answers } from "./answers.ts";
import { serveDomesticModels } from "./own-models.ts";
import { regionOf } from "./regions.ts";
import type { Decision } from "./rules.ts";
import { readTemplate, renameDomain } from "./template.ts";
import { tenantsOf } from "./tenants.ts";

/** Days of audit log: a year; three in Korea, where changes of access rights are kept so long (Safety Measures Standard, Art. 5(3)). */
const AUDIT_DAYS = { usual: 365, korea: 1096 } as const;
/** Share of the month's budget at which somebody is told. */
const ALERT_SHARE = 0.8;
/** Where `small`, `medium` and `large` end, in people. */
const SIZES = [
  { size: "small", people: 5 },
  { size: "medium", people: 50 },
  { size: "large", people: Number.POSITIVE_INFINITY },
] as const;

const BASTION_RULE = "CN-003";

const section = (name: string, ...path: readonly (string | number)[]) => ["config", `breakwater:${name}`, ...path];

/** The environment file that the answers lead to, with the comments of the shipped environment it is made from. */
export function environmentFile(answers: Answers, decision: Decision): string {
  const document = readTemplate(decision.template);
  renameDomain(document, answers.place.domain);
  deployment(document, answers, decision);
  entry(document, answers);
  models(document, answers);
  tenants(document, answers);
  sandboxes(document, answers);
  signOn(document, answers);
  operations(document, answers);
  exceptions(document, answers);
  if (isMap(document.contents)) setComment(document.contents.items[0]?.key, headerOf(answers, decision));
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function headerOf({ place }: Answers, { template, architecture, topology, reasons }: Decision): string {
  const lines = [
    `The environment \`${place.name}\`: architecture ${architecture} on topology ${topology}, made by \`breakwater assess\` from the`,
    `shipped environment ${template}. The same answers give the same file.`,
    "",
    ...reasons.map((reason) => `- ${reason}`),
    "",
    "Names, ranges, prices and digests of the shipped environment are examples: replace them. Comments below are its own.",
  ];
  return lines.map((line) => ` ${line}`).join("\n");
}

function setComment(node: unknown, comment: string | null): void {
  if (isScalar(node)) node.commentBefore = comment;
}

/** A value as a node, lists of plain values on one line as the shipped environments have them. */
function written(document: Document, value: unknown): Node {
  // Two tenants may be alike; an alias would tie them together for whoever edits the file.
  const node = document.createNode(value, { aliasDuplicateObjects: false });
  visit(node, {
    Seq: (_, list) => {
      list.flow = list.items.every((item) => isScalar(item));
    },
  });
  return node;
}

function deployment(document: Document, answers: Answers, { architecture }: Decision): void {
  const { people } = answers.scale;
  const region = regionOf(answers);
  document.setIn(section("deployment", "architecture"), architecture);
  document.setIn(section("deployment", "size"), SIZES.find((size) => people <= size.people)?.size);
  document.setIn(section("deployment", "people"), people);
  if (region !== undefined) document.setIn(section("deployment", "region"), region);
  // A region of a cloud says by itself under which law it is.
  if (answers.place.infrastructure !== "cloud")
    document.setIn(section("deployment", "jurisdiction"), answers.place.country);
  if (isStateOwnedThere(answers)) document.setIn(section("deployment", "state_owned"), true);
}

/** State ownership has a meaning for the settings under the law of China alone. */
function isStateOwnedThere({ place }: Answers): boolean {
  return place.state_owned && place.country === STATE_OWNED_HOME;
}

/** The front door is the private network's own. One machine has none but loopback, and the template says so. */
function entry(document: Document, { place }: Answers): void {
  if (place.infrastructure === "one-machine") return;
  document.setIn(section("network", "exposure"), "internal");
  document.setIn(section("network", "host"), `agents.${place.domain}`);
  document.deleteIn(section("network", "allowed_cidrs"));
}

/** On one machine the shipped environment has the echo model; other providers come with the template that has them. */
function models(document: Document, answers: Answers): void {
  const { place, security } = answers;
  if (place.infrastructure === "dgx" && isStateOwnedThere(answers)) {
    serveDomesticModels(document);
    withoutComment(document, "breakwater:model_router");
  } else if (place.infrastructure === "dgx") {
    for (const provider of ["super", "nano"]) {
      document.setIn(section("model_providers", provider, "jurisdiction"), place.country);
    }
  }
  if (place.infrastructure !== "one-machine" || security.models === "stand-in") return;
  const source = readTemplate(security.models === "domestic" ? "acme-alibaba" : "acme-aws");
  document.setIn(section("model_providers"), source.getIn(section("model_providers"), true));
  const prices = source.getIn(section("model_router", "prices"), true);
  if (prices === undefined) document.deleteIn(section("model_router", "prices"));
  else document.setIn(section("model_router", "prices"), prices);
  withoutComment(document, "breakwater:model_router");
  document.setIn(section("multi_tenant", "tenants"), source.getIn(section("multi_tenant", "tenants"), true));
}

/** Takes away what the template says of a section: prices that it invents are gone. */
function withoutComment(document: Document, name: string): void {
  const config = document.get("config");
  const key = isMap(config) ? config.items.find((item) => String(item.key) === name)?.key : undefined;
  setComment(key, null);
}

function tenants(document: Document, { scale }: Answers): void {
  const path = section("multi_tenant", "tenants");
  const given = (document.toJS() as { config: Record<string, { tenants: unknown[] }> }).config;
  const shipped = given["breakwater:multi_tenant"]?.tenants ?? [];
  document.setIn(path, written(document, tenantsOf(scale, shipped as Record<string, unknown>[])));
}

/** Sandboxes reach the systems that the answers name, and no others; models are the router's to reach. */
function sandboxes(document: Document, { functions, security }: Answers): void {
  document.setIn(section("openshell", "network", "allowed_domains"), written(document, functions.internal_systems));
  if (security.full_audit) {
    const logged = { log_all_commands: true, log_network_requests: true, log_file_access: true };
    document.setIn(section("openshell", "audit"), written(document, logged));
  } else document.deleteIn(section("openshell", "audit"));
}

function signOn(document: Document, { place, functions }: Answers): void {
  if (!functions.sso) {
    document.deleteIn(section("enterprise", "sso"));
    return;
  }
  const source = readTemplate("acme-aws");
  renameDomain(source, place.domain);
  document.setIn(section("enterprise", "sso"), source.getIn(section("enterprise", "sso"), true));
}

function operations(document: Document, { place, scale, security }: Answers): void {
  const korea = place.country === "kr" || security.standards.includes("pipa");
  const days = korea ? AUDIT_DAYS.korea : AUDIT_DAYS.usual;
  document.setIn(section("audit", "retention_days"), days);
  const path = section("monitoring", "alerting", "rules");
  const rules = (document.getIn(path) as { toJSON(): { name: string }[] } | undefined)?.toJSON() ?? [];
  const budget = rules.findIndex(({ name }) => name === "budget_threshold");
  if (budget === -1) return;
  if (scale.monthly_model_usd === 0) document.deleteIn([...path, budget]);
  else {
    const usd = Math.max(1, Math.floor(scale.monthly_model_usd * ALERT_SHARE));
    document.setIn([...path, budget, "condition"], `monthly_llm_cost > $${usd}`);
  }
}

/**
 * Where Chinese law holds, rule CN-003 asks for a bastion host; the templates of a DGX and of one machine are of places where
 * it does not, and do not name it.
 */
function exceptions(document: Document, { place }: Answers): void {
  if (place.country !== STATE_OWNED_HOME || place.infrastructure === "cloud") return;
  const path = section("policies", "exceptions");
  const found = document.getIn(path);
  if (!isSeq(found)) throw new Error("a shipped environment names no exception");
  const [first] = found.items;
  if (!isMap(first) || found.items.some((item) => isMap(item) && item.get("rule") === BASTION_RULE)) return;
  // A copy keeps the quotes that a date has to have.
  const exception = first.clone() as typeof first;
  exception.delete("resource");
  exception.set("rule", BASTION_RULE);
  exception.set(
    "reason",
    "machines of the company's own: who operates them comes through its own bastion host, which no plan shows",
  );
  document.addIn(path, exception);
}
