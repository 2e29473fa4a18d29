import type { Demand } from "../components/demand.ts";
import type { Platform } from "../components/platform.ts";
import type { Environment } from "./config.ts";

type Topology = Environment["settings"]["deployment"]["topology"];

/** How each topology becomes a platform. Its code and its cloud's SDK are loaded only for it. */
const PLATFORMS: Readonly<Record<Topology, (environment: Environment, demand: Demand) => Promise<Platform>>> = {
  local: async ({ settings, imageLock }) => {
    const { localPlatform } = await import("../components/local/platform.ts");
    return localPlatform({ imageLock, port: settings.front_door.port });
  },
  aws: async ({ imageLock }, demand) => {
    const { awsPlatform } = await import("../components/aws/platform.ts");
    return awsPlatform({ demand, imageLock });
  },
  alibaba: async ({ imageLock }, demand) => {
    const { alibabaPlatform } = await import("../components/alibaba/platform.ts");
    return alibabaPlatform({ demand, imageLock });
  },
  tencent: async ({ imageLock }, demand) => {
    const { tencentPlatform } = await import("../components/tencent/platform.ts");
    return tencentPlatform({ demand, imageLock });
  },
  dgx: async ({ settings, imageLock }, demand) => {
    const { dgxPlatform } = await import("../components/dgx/platform.ts");
    return dgxPlatform({ demand, imageLock, existing: settings.kubernetes.existing });
  },
};

/** The platform that an environment asks for, with everything that it consists of registered. */
export function platformOf(environment: Environment, demand: Demand): Promise<Platform> {
  return PLATFORMS[environment.settings.deployment.topology](environment, demand);
}
