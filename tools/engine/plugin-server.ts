import grpc from "@grpc/grpc-js";

/** What Pulumi itself allows in one message (sdk/go/common/util/rpcutil, read 2026-11-23). */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

const PARENT_CHECK_MS = 1000;

/**
 * Serves one Pulumi plugin the way the engine expects it: on a free loopback port, which is the first line of stdout.
 * `stop` runs once when the plugin is told to end or when the engine has died, so that no program outlives its engine.
 */
export function servePlugin(
  service: grpc.ServiceDefinition,
  implementation: grpc.UntypedServiceImplementation,
  stop: () => void,
): void {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  server.addService(service, implementation);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      process.stderr.write(`cannot listen on 127.0.0.1: ${error.message}\n`);
      process.exit(1);
    }
    process.stdout.write(`${port}\n`);
  });
  endWithEngine(stop);
}

function endWithEngine(stop: () => void): void {
  const end = (code: number): void => {
    stop();
    process.exit(code);
  };
  process.once("SIGINT", () => end(130));
  process.once("SIGTERM", () => end(143));
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) end(1);
  }, PARENT_CHECK_MS).unref();
}
