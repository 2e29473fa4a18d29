import { refuse } from "@breakwater/runtime/problems";
import { BUILT_TOPOLOGIES } from "@breakwater/runtime/settings";
import { Agents } from "../components/agents/agents.ts";
import { localPlatform } from "../components/local/platform.ts";
import type { Platform } from "../components/platform.ts";
import { agentsOf } from "./agents.ts";
import type { Environment } from "./config.ts";

/**
 * Registers everything of one environment.
 *
 * @throws ProblemError `deployment/topology-not-built`, `deployment/isolation-not-built` at preview.
 */
export function deploy(environment: Environment): void {
  const platform = platformOf(environment);
  new Agents("agents", { ...agentsOf(environment.settings, platform.database), platform });
}

function platformOf({ settings, imageLock }: Environment): Platform {
  const { topology } = settings.deployment;
  if (topology === "local") {
    requireGvisor(settings.openshell.isolation);
    return localPlatform({ imageLock, port: settings.front_door.port });
  }
  return refuse({
    code: "deployment/topology-not-built",
    path: "deployment.topology",
    got: topology,
    expected: BUILT_TOPOLOGIES.join(", "),
    remedy: "this release builds no other topology; choose one of those",
  });
}

/** The local node has one RuntimeClass; anything else would start, and be less than what was asked for. */
function requireGvisor(isolation: string): void {
  if (isolation === "gvisor") return;
  refuse({
    code: "deployment/isolation-not-built",
    path: "openshell.isolation",
    got: isolation,
    expected: "gvisor on the local topology",
    remedy: "set it to gvisor, or choose a topology whose nodes run virtual machines",
  });
}
