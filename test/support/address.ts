import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:net";

/**
 * Runs `body` while this machine answers TCP on `host:port`: a stand-in for what lies outside the cluster, so that an
 * attack that gets through is seen to get through.
 */
export async function answering<T>(host: string, port: number, body: () => Promise<T>): Promise<T> {
  execFileSync("ip", ["address", "replace", `${host}/32`, "dev", "lo"]);
  const server = createServer((socket) => socket.end());
  try {
    await listen(server, host, port);
    return await body();
  } finally {
    server.close();
    execFileSync("ip", ["address", "delete", `${host}/32`, "dev", "lo"]);
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}
