import { z } from "zod";
import { lastWords } from "./refused.ts";
import type { Executed } from "./world.ts";

/** What came of asking one server in four ways; a protocol and suite, the begin of an answer, or the code of an error. */
export const Handshakes = z.object({
  /** Plain HTTP. */
  plain: z.string(),
  /** TLS up to 1.2. */
  old: z.string(),
  /** TLS 1.3 with the environment's authority. */
  own: z.string(),
  /** The same with the suites that the settings do not name; undefined where they name all. */
  others: z.string().optional(),
  /** Whole days that the certificate lasts yet; undefined where `own` did not come about. */
  days: z.int().optional(),
});
export type Handshakes = z.output<typeof Handshakes>;

/** Asked by the node of our own images. Arguments: host, port, file of the authority, other suites with colons. */
const SCRIPT = `
const [host, port, authority, others] = process.argv.slice(1);
const net = require("node:net"), tls = require("node:tls");
const ca = require("node:fs").readFileSync(authority);
const ask = (open, ready) => new Promise((resolve) => {
  const socket = open();
  const end = (said, days) => { socket.destroy(); resolve({ said, days }); };
  socket.setTimeout(5000, () => end("ETIMEDOUT"));
  socket.on("error", (error) => end(error.code ?? error.message));
  socket.on("close", () => end("closed"));
  ready(socket, end);
});
const plain = () => ask(() => net.connect({ host, port }), (socket, end) => {
  socket.write("GET /healthz HTTP/1.1\\r\\nhost: " + host + "\\r\\nconnection: close\\r\\n\\r\\n");
  socket.on("data", (bytes) => end(bytes.toString("latin1").split("\\r\\n")[0].slice(0, 60)));
});
const shake = (options) => ask(() => tls.connect({ host, port, ca, servername: host, ...options }), (socket, end) => {
  socket.on("secureConnect", () => {
    const left = Date.parse(socket.getPeerCertificate().valid_to) - Date.now();
    end(socket.getProtocol() + " " + socket.getCipher().name, Math.floor(left / 86_400_000));
  });
});
(async () => {
  const own = await shake({ minVersion: "TLSv1.3" });
  process.stdout.write(JSON.stringify({
    plain: (await plain()).said,
    old: (await shake({ maxVersion: "TLSv1.2" })).said,
    own: own.said,
    days: own.days,
    ...(others === "" ? {} : { others: (await shake({ minVersion: "TLSv1.3", ciphers: others })).said }),
  }));
})();
`;

/** Command that tries a server. @param others suites that it must not take. */
export function handshakeCommand(
  { host, port, authority }: { readonly host: string; readonly port: number; readonly authority: string },
  others: readonly string[],
): readonly string[] {
  return ["node", "-e", SCRIPT, host, String(port), authority, others.join(":")];
}

/** @throws Error when the command did not do what it was for: that proves nothing. */
export function readHandshakes(executed: Executed): Handshakes {
  const { stdout, exitCode } = executed;
  if (exitCode !== 0) throw new Error(`handshakes ended with ${exitCode}: ${lastWords(executed)}`);
  return Handshakes.parse(JSON.parse(stdout));
}
