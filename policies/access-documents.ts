import { z } from "zod";

/** One statement of an access document of any cloud; what the document writes as one text is a list of one here. */
export interface Statement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** By kind of principal in lower case: `aws`, `service`, `federated`, `ram`, `qcs`; `*` for everybody. */
  readonly principals: Readonly<Record<string, readonly string[]>>;
  /** Key and values of every condition, whatever its operator. */
  readonly conditions: readonly { readonly key: string; readonly values: readonly string[] }[];
}

const texts = z
  .union([z.string(), z.boolean(), z.number(), z.array(z.union([z.string(), z.boolean(), z.number()]))])
  .transform((value) => (Array.isArray(value) ? value : [value]).map(String));
const list = texts.optional().transform((value) => value ?? []);

const statement = z.object({
  effect: z.string(),
  action: list,
  notaction: list,
  resource: list,
  notresource: list,
  principal: z
    .union([texts.transform((everybody) => ({ "*": everybody })), z.record(z.string(), texts)])
    .optional()
    .transform((value) => value ?? {}),
  condition: z.record(z.string(), z.record(z.string(), texts)).optional(),
});

const document = z.object({
  statement: z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]),
});

/**
 * Statements of a document of AWS, Alibaba Cloud or Tencent Cloud, as JSON text or as an object. The clouds differ in
 * capitals only: `Effect` is `effect` on Tencent Cloud.
 *
 * @throws SyntaxError, ZodError for what is no access document: that is no pass.
 */
export function statementsOf(source: unknown): readonly Statement[] {
  const parsed: unknown = typeof source === "string" ? JSON.parse(source) : source;
  return document.parse(lowerKeys(parsed)).statement.map((raw) => {
    const { effect, action, notaction, resource, notresource, principal, condition } = statement.parse(lowerKeys(raw));
    return {
      allows: effect.toLowerCase() === "allow",
      actions: action,
      notActions: notaction,
      resources: resource,
      notResources: notresource,
      principals: lowerKeys(principal) as Statement["principals"],
      conditions: Object.values(condition ?? {}).flatMap((tests) =>
        Object.entries(tests).map(([key, values]) => ({ key, values })),
      ),
    };
  });
}

/** Whether a document refuses whatever comes without TLS. */
export function refusesPlainHttp(source: unknown): boolean {
  return statementsOf(source).some(
    ({ allows, conditions }) =>
      !allows && conditions.some(({ key, values }) => /:secure-?transport$/i.test(key) && values.includes("false")),
  );
}

function lowerKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toLowerCase(), item]));
}
