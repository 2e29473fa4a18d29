import { z } from "zod";
import type { Fields } from "./known.ts";
import { once } from "./once.ts";

/** Type of the objects that this reads. */
export const NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

const labels = z.record(z.string(), z.string());
const expression = z.object({
  key: z.string(),
  operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
  values: z.array(z.string()).optional(),
});
const selector = z.object({ matchLabels: labels.optional(), matchExpressions: z.array(expression).optional() });
const port = z.object({
  protocol: z.string().optional(),
  port: z.union([z.number(), z.string()]).optional(),
  endPort: z.number().optional(),
});
const peer = z.object({
  ipBlock: z.object({ cidr: z.string(), except: z.array(z.string()).optional() }).optional(),
  namespaceSelector: selector.optional(),
  podSelector: selector.optional(),
});
const networkPolicy = z.object({
  metadata: z.object({ namespace: z.string() }),
  spec: z.object({
    podSelector: selector.optional(),
    policyTypes: z.array(z.string()).optional(),
    ingress: z.array(z.object({ from: z.array(peer).optional(), ports: z.array(port).optional() })).optional(),
    egress: z.array(z.object({ to: z.array(peer).optional(), ports: z.array(port).optional() })).optional(),
  }),
});

export type Wall = ReturnType<typeof networkPolicy.parse>;
export type Peer = z.infer<typeof peer>;
export type WallPort = z.infer<typeof port>;

/** A NetworkPolicy as far as rules read it. */
export const wallOf = once((props: Fields): Wall => networkPolicy.parse(props));

/** Whether a selector takes an object with these labels, as Kubernetes decides it. */
export function selects(chosen: z.infer<typeof selector> | undefined, of: Readonly<Record<string, string>>): boolean {
  const { matchLabels = {}, matchExpressions = [] } = chosen ?? {};
  return (
    Object.entries(matchLabels).every(([key, value]) => of[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = of[key];
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      return (value !== undefined && values.includes(value)) === (operator === "In");
    })
  );
}
