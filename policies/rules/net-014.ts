import { z } from "zod";
import { AWS_LISTENERS } from "../aws-balancers.ts";
import type { PlanResource, Problems, StackRule } from "../rule.ts";

const CLB = "tencentcloud:index/clbInstance:ClbInstance";

/** Protocols of the listeners of a Service's load balancer, for Tencent's controller. */
const SPECIFIED = "service.cloud.tencent.com/specify-protocol";

const awsListener = z.object({ protocol: z.string().optional() });
const awsAction = z.object({ type: z.string(), redirect: z.object({ protocol: z.string().optional() }).optional() });
const aliListener = z.object({ listenerProtocol: z.string() });
const actions = z.object({ defaultActions: z.array(z.unknown()) });
const aliAction = z.object({ type: z.string() });
const albConfig = z.object({ spec: z.object({ listeners: z.array(z.object({ protocol: z.string() })).optional() }) });
const clbListener = z.object({ protocol: z.string() });

const service = z.object({
  metadata: z.object({ annotations: z.object({ [SPECIFIED]: z.string().optional() }).optional() }),
});

const CHECKS: Readonly<Record<string, (props: PlanResource["props"]) => Problems>> = {
  ...Object.fromEntries(AWS_LISTENERS.map((type) => [type, onAws])),
  "alicloud:alb/listener:Listener": function* (props) {
    if (aliListener.parse(props).listenerProtocol !== "HTTP") return;
    for (const raw of actions.parse(props).defaultActions) {
      const { type } = aliAction.parse(raw);
      if (type !== "Redirect") yield `an HTTP listener does ${type}, not a redirect to HTTPS`;
    }
  },
  "kubernetes:alibabacloud.com/v1:AlbConfig": function* (props) {
    for (const { protocol } of albConfig.parse(props).spec.listeners ?? [])
      if (protocol === "HTTP") yield "a listener takes HTTP";
  },
  "tencentcloud:index/clbListener:ClbListener": function* (props) {
    if (clbListener.parse(props).protocol === "HTTP") yield "a listener takes HTTP";
  },
};

/**
 * A key that is sent in the clear once is lost, so that a listener without TLS may only say where the one with TLS is.
 * ALB's AlbConfig and Tencent's listeners redirect by other objects, so that none without TLS passes there. Tencent's are
 * made by the cluster from what a Service's annotation says.
 */
export const net014: StackRule = {
  id: "NET-014",
  subjects: [...Object.keys(CHECKS), CLB],
  *check(plan) {
    for (const { urn, type, props } of plan.ofType(...Object.keys(CHECKS)))
      for (const problem of CHECKS[type]?.(props) ?? []) yield { urn, problem };
    for (const { urn, props } of plan.ofType("kubernetes:core/v1:Service")) {
      const listeners = service.parse(props).metadata.annotations?.[SPECIFIED] ?? "{}";
      if (/"HTTP"/.test(listeners)) yield { urn, problem: "a listener takes HTTP" };
    }
  },
};

function* onAws(props: PlanResource["props"]): Problems {
  if (awsListener.parse(props).protocol !== "HTTP") return;
  for (const raw of actions.parse(props).defaultActions) {
    const { type, redirect } = awsAction.parse(raw);
    if (type !== "redirect" || redirect?.protocol !== "HTTPS")
      yield `an HTTP listener does ${type}, not a redirect to HTTPS`;
  }
}
