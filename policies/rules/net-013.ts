import { z } from "zod";
import { AWS_LISTENERS } from "../aws-balancers.ts";
import type { Plan, PlanResource, Problems, StackRule } from "../rule.ts";

const CLB = "tencentcloud:index/clbInstance:ClbInstance";
const CLB_CONFIG = "tencentcloud:index/clbCustomizedConfig:ClbCustomizedConfig";

const awsListener = z.object({ protocol: z.string().optional() });
const awsPolicy = z.object({ sslPolicy: z.string().optional() });
const aliListener = z.object({ listenerProtocol: z.string() });
const aliPolicy = z.object({ securityPolicyId: z.string().optional() });
const albConfig = z.object({ spec: z.object({ listeners: z.array(z.unknown()).optional() }) });
const albListener = aliPolicy.extend({ port: z.union([z.number(), z.string()]), protocol: z.string() });
const ownPolicy = z.object({ tlsVersions: z.array(z.string()) });
const clbConfig = z.object({ configContent: z.string() });

/** Policies with TLS 1.3 that take nothing below 1.2. */
const AWS_POLICY = /^ELBSecurityPolicy-TLS13-1-[23]-/;

/** ALB's own without older versions; left out it is one with TLS 1.0 (from memory, unverified). */
const ALI_POLICIES = ["tls_cipher_policy_1_2", "tls_cipher_policy_1_2_strict", "tls_cipher_policy_1_2_strict_with_1_3"];

const VERSIONS = ["TLSv1.2", "TLSv1.3"];

const CHECKS: Readonly<Record<string, (props: PlanResource["props"]) => Problems>> = {
  ...Object.fromEntries(AWS_LISTENERS.map((type) => [type, onAws])),
  "alicloud:alb/listener:Listener": function* (props) {
    if (aliListener.parse(props).listenerProtocol !== "HTTP") yield* aliPolicies(aliPolicy.parse(props));
  },
  "alicloud:alb/securityPolicy:SecurityPolicy": (props) => versions(ownPolicy.parse(props).tlsVersions),
  "kubernetes:alibabacloud.com/v1:AlbConfig": function* (props) {
    for (const raw of albConfig.parse(props).spec.listeners ?? []) {
      const listener = albListener.parse(raw);
      if (listener.protocol !== "HTTP") yield* aliPolicies(listener);
    }
  },
  [CLB_CONFIG]: function* (props) {
    const written = /ssl_protocols ([^;]*);/.exec(clbConfig.parse(props).configContent)?.[1];
    if (written === undefined) yield "configContent has no ssl_protocols";
    else yield* versions(written.trim().split(/\s+/));
  },
};

/**
 * TLS 1.0 and 1.1 are broken, and listeners still take them unless told otherwise. What passes TLS through to a pod is not
 * judged here. A policy of the company's own is known only after an update.
 */
export const net013: StackRule = {
  id: "NET-013",
  subjects: [...Object.keys(CHECKS), CLB],
  *check(plan) {
    yield* unconfigured(plan);
    for (const { urn, type, props } of plan.ofType(...Object.keys(CHECKS)))
      for (const problem of CHECKS[type]?.(props) ?? []) yield { urn, problem };
  },
};

function* onAws(props: PlanResource["props"]): Problems {
  if (!["HTTPS", "TLS"].includes(awsListener.parse(props).protocol ?? "")) return;
  const { sslPolicy = "missing" } = awsPolicy.parse(props);
  if (!AWS_POLICY.test(sslPolicy)) yield `sslPolicy is ${sslPolicy}`;
}

/** The default of Tencent's listeners has TLS 1.0 and 1.1 (document 214/32427, read 2026-11-24). */
function* unconfigured(plan: Plan) {
  if (plan.ofType(CLB_CONFIG).length > 0) return;
  for (const { urn } of plan.ofType(CLB))
    yield { urn, problem: "no ClbCustomizedConfig says which TLS versions it takes" };
}

function* aliPolicies({ securityPolicyId = "missing" }: z.infer<typeof aliPolicy>): Problems {
  if (!ALI_POLICIES.includes(securityPolicyId)) yield `securityPolicyId is ${securityPolicyId}`;
}

function* versions(taken: readonly string[]): Problems {
  const old = taken.filter((version) => !VERSIONS.includes(version));
  if (old.length > 0) yield `takes ${old.join(", ")}`;
}
