export { type BodyFailure, readBody } from "./body.ts";
export { listenForOperations, type Operations, type OperationsServer } from "./operations.ts";
export { sendJson } from "./reply.ts";
export { type HotHandler, type HotServerOptions, hotServer } from "./server.ts";
export { type Call, type ReplySink, Upstream, type UpstreamOptions } from "./upstream.ts";
