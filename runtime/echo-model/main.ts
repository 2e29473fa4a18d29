import { parseArgs } from "node:util";
import { refuse } from "../problems/index.ts";
import { runService } from "../service/run-service.ts";
import { buildEchoModel } from "./app.ts";

runService(async () => {
  const { values } = parseArgs({ options: { port: { type: "string", default: "8080" } } });
  const port = portOf(values.port);
  const app = buildEchoModel(() => Date.now());
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
