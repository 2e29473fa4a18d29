import { parseArgs } from "node:util";
import { z } from "zod";
import { refuse } from "../problems/index.ts";
import { runService } from "../service/run-service.ts";
import { CIPHER_SUITES } from "../settings/services.ts";
import { serverTls } from "../transport/tls.ts";
import { buildEchoModel } from "./app.ts";

runService(async () => {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8080" },
      tls: { type: "string", default: "/run/secrets/echo-model" },
      "cipher-suites": { type: "string", default: CIPHER_SUITES.join(":") },
    },
  });
  const port = portOf(values.port);
  const tls = serverTls({
    certificate_file: `${values.tls}/tls.crt`,
    key_file: `${values.tls}/tls.key`,
    cipher_suites: suitesOf(values["cipher-suites"]),
  });
  const app = buildEchoModel(() => Date.now(), tls);
  await app.listen({ host: "0.0.0.0", port });
  return { log: app.log, stop: () => app.close() };
});

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  return refuse({
    code: "settings/invalid",
    path: "--port",
    got: JSON.stringify(text),
    expected: "a TCP port from 1 to 65535",
    remedy: "start with `--port 8080`",
  });
}

function suitesOf(text: string): (typeof CIPHER_SUITES)[number][] {
  const suites = z.array(z.enum(CIPHER_SUITES)).safeParse(text.split(":"));
  if (suites.success) return suites.data;
  return refuse({
    code: "settings/invalid",
    path: "--cipher-suites",
    got: JSON.stringify(text),
    expected: `some of ${CIPHER_SUITES.join(", ")}, with colons between them`,
    remedy: "name suites of TLS 1.3",
  });
}
