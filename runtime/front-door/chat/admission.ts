import { type Refusal, refusal } from "../errors.ts";

const JSON_TYPE = "application/json";

/** @throws Refusal `request/wrong-content-type` unless a body is plain JSON. */
export function requireJson(type: string | undefined, encoding: string | undefined): void {
  const media = type?.toLowerCase() ?? "";
  const isJson = media.startsWith(JSON_TYPE) && /^\s*(;|$)/.test(media.slice(JSON_TYPE.length));
  if (!isJson) throw refusal("request/wrong-content-type", "another content type or none");
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
    throw refusal("request/wrong-content-type", "a compressed body", { path: "content-encoding" });
  }
}

/** Which tenants have used up their month. */
export interface Budgets {
  refusal(tenant: string): { readonly resetsAt: string } | undefined;
}

/** The refusal of a tenant whose month is used up; undefined: there is room. */
export function spentBudget(budgets: Budgets, tenant: string): Refusal | undefined {
  const spent = budgets.refusal(tenant);
  if (spent === undefined) return undefined;
  return refusal("budget/exceeded", `a month's budget that is used up until ${spent.resetsAt}`, {
    headers: { "x-budget-reset": spent.resetsAt },
  });
}
