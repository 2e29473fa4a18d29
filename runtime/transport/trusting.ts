import { Agent } from "undici";
import type { ClientTls } from "./tls.ts";

/** Connections to servers of the environment's own authority, for requests and WebSockets of undici. */
export function trusting(tls: ClientTls): Agent {
  return new Agent({ connect: { ...tls } });
}
