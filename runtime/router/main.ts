import { runService } from "../service/run-service.ts";
import { readSettings } from "../service/settings-file.ts";
import { RouterSettings } from "../settings/services.ts";
import { startRouter } from "./start.ts";

runService(async (draining) => startRouter(readSettings(process.argv.slice(2), RouterSettings), { draining }));
