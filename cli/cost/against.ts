import type { Settings } from "@breakwater/runtime/settings";
import type { CostedResource } from "../../cost/resource.ts";

/** Resources that the engine keeps of an environment, with the settings that it was deployed with. */
export interface Deployed {
  /** Name of the stack. */
  readonly environment: string;
  readonly resources: readonly CostedResource[];
  readonly settings: Settings;
  /** Operations that a killed run left without an end: nobody knows whether they happened. */
  readonly pendingOperations: number;
}

/** What the cost of a plan is set beside. */
export type Against =
  | { readonly kind: "plan"; readonly resources: readonly CostedResource[] }
  /** `deployed`: what the engine on this machine keeps of the same environment; `state`: a file that was exported. */
  | ({ readonly kind: "deployed" | "state" } & Deployed)
  /** `nothing`: none is deployed from here; `unreadable`: there is a state, and it cannot be compared with. */
  | { readonly kind: "nothing" | "unreadable"; readonly says: string };
