import { runService } from "../service/run-service.ts";
import { readSettings } from "../service/settings-file.ts";
import { FrontDoorSettings } from "../settings/services.ts";
import { startFrontDoor } from "./start.ts";

runService(async (draining) => startFrontDoor(readSettings(process.argv.slice(2), FrontDoorSettings), { draining }));
