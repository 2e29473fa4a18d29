import { PRINCIPAL_HEADER } from "../../../identity/principal-token.ts";
import { continuedTraceparent, type InboundRequest } from "./inbound-request.ts";
import type { ModelProvider } from "./openclaw-plugin-api.ts";

/** Lets requests to the model router carry the trace and the proof of who asks of the HTTP request that they are made for. */
export function routerProvider(inbound: () => InboundRequest | undefined): ModelProvider {
  return {
    id: "router",
    label: "Model router",
    auth: [],
    wrapStreamFn: ({ streamFn }) => {
      if (streamFn === undefined) return undefined;
      return (model, context, options) => {
        const { trace, principal } = inbound() ?? { trace: undefined, principal: undefined };
        const traceparent = continuedTraceparent(trace, options?.headers?.["traceparent"]);
        const carried = {
          ...(traceparent === undefined ? {} : { traceparent }),
          ...(principal === undefined ? {} : { [PRINCIPAL_HEADER]: principal }),
        };
        return streamFn(model, context, { ...options, headers: { ...options?.headers, ...carried } });
      };
    },
  };
}
