import { openLiveFile } from "../identity/index.ts";
import { type Problem, ProblemError } from "../problems/index.ts";
import { loggingChanges } from "../service/live-files.ts";
import { type RunningService, runService } from "../service/run-service.ts";
import { parseSecret, readSettings } from "../service/settings-file.ts";
import { startTogether } from "../service/start-together.ts";
import { RouterSettings } from "../settings/services.ts";
import { buildRouter } from "./app.ts";
import { parseCellKeys } from "./cell-keys.ts";
import { openProviders } from "./providers.ts";

runService((draining) => startRouter(process.argv.slice(2), draining));

/** Reads settings and keys, then listens. @throws ProblemError with everything that stands in the way. */
async function startRouter(argv: readonly string[], draining: () => boolean): Promise<RunningService> {
  const settings = readSettings(argv, RouterSettings);
  requireProviders(settings);
  const live = loggingChanges(() => app.log);
  const keyFiles = Object.entries(settings.providers).flatMap(([name, { api_key_file: path }]) =>
    path === undefined ? [] : [[name, () => openLiveFile({ path, parse: parseSecret, ...live })] as const],
  );
  const { cellKeys, providerKeys } = startTogether({
    cellKeys: () => openLiveFile({ path: settings.tenant_keys_file, parse: parseCellKeys, ...live }),
    providerKeys: () => new Map(Object.entries(startTogether(Object.fromEntries(keyFiles)))),
  });
  const providers = openProviders(settings, (provider) => providerKeys.get(provider)?.current());
  const app = buildRouter(settings, {
    cellKeys: cellKeys.current,
    providers,
    draining,
    logLevel: "info",
  });
  await app.listen(settings.listen);
  return {
    log: app.log,
    stop: async () => {
      await app.close();
      await providers.close();
      for (const file of [cellKeys, ...providerKeys.values()]) file.close();
    },
  };
}

/** @throws ProblemError `provider/unknown` for every tenant whose provider is not configured. */
function requireProviders({ tenants, providers }: RouterSettings): void {
  const problems = tenants.flatMap(({ provider }, index): Problem[] => {
    if (Object.hasOwn(providers, provider)) return [];
    const expected = `one of ${Object.keys(providers).join(", ") || "(none configured)"}`;
    const path = `tenants[${index}].provider`;
    return [{ code: "provider/unknown", path, got: JSON.stringify(provider), expected, remedy: "configure it" }];
  });
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ProblemError([first, ...rest]);
}
