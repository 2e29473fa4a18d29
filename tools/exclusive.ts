import { createHash } from "node:crypto";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { refuse } from "@breakwater/runtime/problems";

/** What is being waited for, for the one who waits. */
export interface Waiting {
  /** Process that holds the lock, when it said so. */
  readonly holder: string | undefined;
}

/**
 * Runs `work` while no other process of this machine runs work under the same name. The lock is a socket in Linux'
 * abstract namespace: the kernel takes it back when its process ends, however it ends, so no lock is ever stale.
 * @throws ProblemError `machine/not-linux`
 */
export async function exclusively<T>(
  name: string,
  work: () => Promise<T>,
  onWait: (waiting: Waiting) => void = () => {},
): Promise<T> {
  if (process.platform !== "linux") {
    refuse({
      code: "machine/not-linux",
      path: "process.platform",
      got: process.platform,
      expected: "linux",
      remedy: "run this on a Linux machine, or install the tool so that it is found on PATH",
    });
  }
  const address = `\0breakwater-${createHash("sha256").update(name).digest("hex").slice(0, 32)}`;
  let server = await take(address);
  while (server === undefined) {
    await untilReleased(address, onWait);
    server = await take(address);
  }
  try {
    return await work();
  } finally {
    await release(server);
  }
}

interface Lock {
  readonly server: Server;
  readonly waiters: Set<Socket>;
}

/** Holds the address, or answers undefined when another process does. */
function take(address: string): Promise<Lock | undefined> {
  return new Promise((resolve, reject) => {
    const waiters: Lock["waiters"] = new Set();
    const server = createServer((socket) => {
      waiters.add(socket);
      // A waiter that goes away is no concern of the holder.
      socket.on("error", () => socket.destroy());
      socket.on("close", () => waiters.delete(socket));
      socket.write(String(process.pid));
    });
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen(address, () => resolve({ server, waiters }));
  });
}

/** Resolves when the holder lets go or dies: either closes our connection. */
function untilReleased(address: string, onWait: (waiting: Waiting) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(address);
    socket.once("data", (pid) => onWait({ holder: pid.toString() }));
    socket.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNREFUSED" || error.code === "ECONNRESET" || error.code === "EPIPE"
        ? resolve()
        : reject(error),
    );
    socket.once("close", () => resolve());
    socket.resume();
  });
}

function release({ server, waiters }: Lock): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    for (const socket of waiters) socket.destroy();
  });
}
