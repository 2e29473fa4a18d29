import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import { AuditLog } from "../audit/index.ts";
import { Keyring, openLiveFile } from "../identity/index.ts";
import { refuse } from "../problems/index.ts";
import { loggingChanges } from "../service/live-files.ts";
import { type RunningService, runService } from "../service/run-service.ts";
import { parseSecret, readSecret, readSettings } from "../service/settings-file.ts";
import { startTogether } from "../service/start-together.ts";
import { FrontDoorSettings } from "../settings/services.ts";
import { buildApp } from "./app.ts";
import { openCells } from "./upstream.ts";

/** HMAC-SHA256 is as strong as its key: 32 random bytes are 43 characters of base64url. */
const MIN_SESSION_SECRET_CHARS = 43;

runService((draining) => startFrontDoor(process.argv.slice(2), draining));

/** Reads settings and secrets, then listens. @throws ProblemError with everything that stands in the way. */
async function startFrontDoor(argv: readonly string[], draining: () => boolean): Promise<RunningService> {
  const settings = readSettings(argv, FrontDoorSettings);
  const live = loggingChanges(() => app.log);
  const tokenFiles = settings.tenants.map(
    ({ id, cell: { gateway_token_file: path } }) =>
      [id, () => openLiveFile({ path, parse: parseSecret, ...live })] as const,
  );
  const { sessionSecret, keyring, tokens } = startTogether({
    sessionSecret: () => readSessionSecret(settings.session_secret_file),
    keyring: () => openLiveFile({ path: settings.api_keys_file, parse: Keyring.parse, ...live }),
    tokens: () => new Map(Object.entries(startTogether(Object.fromEntries(tokenFiles)))),
  });
  const tokenOf = (tenant: string): string => tokens.get(tenant)?.current() ?? "";
  const cells = openCells(settings, tokenOf);
  const audit = await AuditLog.open({
    directory: settings.audit.directory,
    writer: hostname(),
    now: () => new Date(),
    notify: ({ level, message, error }) => process.stderr.write(`${level}: ${message} ${error ?? ""}\n`),
  });
  const clock = { now: () => new Date(), nowMs: () => performance.now() };
  const app = buildApp(settings, {
    keyring: keyring.current,
    sessionSecret,
    cells,
    audit,
    ...clock,
    draining,
    logLevel: "info",
  });
  await app.listen(settings.listen);
  return {
    log: app.log,
    stop: async () => {
      await app.close();
      await cells.close();
      await audit.close();
      for (const file of [keyring, ...tokens.values()]) file.close();
    },
  };
}

function readSessionSecret(path: string): string {
  const secret = readSecret(path);
  if (secret.length >= MIN_SESSION_SECRET_CHARS) return secret;
  return refuse({
    code: "secrets/too-short",
    path,
    got: `${secret.length} characters`,
    expected: `at least ${MIN_SESSION_SECRET_CHARS} characters`,
    remedy: "write 32 random bytes in base64url",
  });
}
