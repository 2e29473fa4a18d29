import { type Statement, statementsOf } from "../access-documents.ts";
import { type Check, forTypes, type ResourceRule } from "../rule.ts";

/** Rights to change or to destroy a key, and to read with it. */
const ADMINISTRATION = ["kms:scheduledeletion", "kms:schedulekeydeletion", "kms:putkeypolicy", "kms:disablekey"];
const USE = ["kms:decrypt", "kms:encrypt", "kms:generatedatakey"];

/** The account itself, by which a key's policy only says that the policies of identities decide. */
const ACCOUNT = /(:root|:\*|^\d+)$/;

/**
 * Who can both change a key and read with it needs nobody's help to take everything. In a key's own policy no principal
 * may have both, the account aside: that entry leaves it to the policies of identities, which are looked at as well.
 */
export const cry005: ResourceRule = {
  id: "CRY-005",
  on: {
    ...forTypes(["aws:kms/key:Key", "alicloud:kms/key:Key"], function* (props) {
      // Without a policy the cloud writes the account's entry and nothing else.
      if (!("policy" in props) || props["policy"] === undefined) return;
      for (const [principal, actions] of byPrincipal(statementsOf(props["policy"]))) {
        if (mixes(actions)) yield `${principal} administrates the key and uses it`;
      }
    }),
    ...forTypes(["aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"], identityPolicy("policy")),
    "alicloud:ram/policy:Policy": identityPolicy("policyDocument"),
    "tencentcloud:index/camPolicy:CamPolicy": identityPolicy("document"),
  },
};

function identityPolicy(field: string): Check {
  return function* (props) {
    const allowed = statementsOf(props[field]).filter(({ allows }) => allows);
    if (mixes(allowed.flatMap(({ actions }) => actions))) yield "the policy allows administration and use of keys";
  };
}

function byPrincipal(statements: readonly Statement[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { allows, principals, actions } of statements) {
    for (const principal of allows ? Object.values(principals).flat() : []) {
      if (!ACCOUNT.test(principal)) found.set(principal, [...(found.get(principal) ?? []), ...actions]);
    }
  }
  return found;
}

function mixes(actions: readonly string[]): boolean {
  const allows = (wanted: string) => actions.some((action) => matches(action.toLowerCase(), wanted));
  return ADMINISTRATION.some(allows) && USE.some(allows);
}

/** `kms:*` and `kms:generate*` cover what begins so; a star alone is everything, which IAM-003 refuses. */
function matches(pattern: string, action: string): boolean {
  if (!pattern.endsWith("*")) return pattern === action;
  return pattern !== "*" && action.startsWith(pattern.slice(0, -1));
}
