import { Breach } from "./check.ts";
import type { Executed, Target } from "./world.ts";

const TIMEOUT_SECONDS = 3;

/** Connects to each `host:port` of its arguments and prints one JSON line: address -> "open" or the reason. */
const PYTHON = `
import concurrent.futures as f, json, socket, sys
def reach(address):
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=${TIMEOUT_SECONDS}).close()
        return "open"
    except OSError as error:
        return str(error) or type(error).__name__
targets = sys.argv[1:]
with f.ThreadPoolExecutor(32) as pool:
    print(json.dumps(dict(zip(targets, pool.map(reach, targets)))))
`;

const NODE = `
const net = require("node:net");
const reach = (address) => new Promise((done) => {
  const at = address.lastIndexOf(":");
  const socket = net.connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)), timeout: ${TIMEOUT_SECONDS}000 });
  const end = (what) => { socket.destroy(); done([address, what]); };
  socket.once("connect", () => end("open"));
  socket.once("timeout", () => end("timed out"));
  socket.once("error", (error) => end(error.code || error.message));
});
Promise.all(process.argv.slice(1).map(reach)).then((all) => console.log(JSON.stringify(Object.fromEntries(all))));
`;

/** The probe as a command of the interpreter that the image has. */
export function probeCommand(interpreter: "python3" | "node", targets: readonly Target[]): readonly string[] {
  const addresses = targets.map(({ host, port }) => `${host}:${port}`);
  return interpreter === "python3"
    ? ["python3", "-c", PYTHON, ...addresses]
    : ["/usr/local/bin/node", "-e", NODE, ...addresses];
}

/**
 * Holds what a probe saw against what must be.
 *
 * `open` targets are the proof that the probe can tell: where they do not answer, silence elsewhere means nothing.
 *
 * @returns what was seen, one line.
 * @throws Breach naming every closed target that answered; Error when the probe proves nothing.
 */
export function judgeProbe(
  { stdout, stderr, exitCode }: Executed,
  expected: { readonly open: readonly Target[]; readonly closed: readonly Target[] },
): string {
  if (exitCode !== 0) throw new Error(`the probe ended with ${exitCode}: ${stderr.trim().slice(-300)}`);
  const seen = JSON.parse(stdout) as Readonly<Record<string, string>>;
  const of = ({ host, port }: Target) => seen[`${host}:${port}`] ?? "not tried";
  const dead = expected.open.filter((target) => of(target) !== "open");
  if (dead.length > 0) {
    const what = dead.map((target) => `${target.name}: ${of(target)}`).join("; ");
    throw new Error(`the probe cannot reach what it must reach (${what}), so it proves nothing`);
  }
  const untried = expected.closed.filter((target) => of(target) === "not tried");
  if (untried.length > 0) throw new Error(`not tried: ${untried.map(({ name }) => name).join(", ")}`);
  const breached = expected.closed.filter((target) => of(target) === "open");
  if (breached.length > 0) {
    throw new Breach(`reachable: ${breached.map(({ name, host, port }) => `${name} (${host}:${port})`).join(", ")}`);
  }
  return `${expected.closed.length} addresses out of reach, ${expected.open.length} in reach as they should be`;
}
