import { CIPHER_SUITES } from "@breakwater/runtime/settings";
import { Breach, type Check } from "../check.ts";
import { type Handshakes, handshakeCommand, readHandshakes } from "../handshakes.ts";
import { lastWords, refused } from "../refused.ts";
import type { Listener, World } from "../world.ts";

export const transportEncrypted: Check = {
  id: "transport/encrypted",
  claim:
    "cells, model router, echo model and database are heard by TLS 1.3 and the environment's cipher suites alone, with certificates of its own authority that last for weeks",
  control: "TLS of every server inside, hostssl in pg_hba.conf",
  run: async (world) => {
    if (world.listeners.length === 0) throw new Error("there is no server to ask");
    const seen: string[] = [];
    for (const listener of world.listeners) seen.push(await heard(listener, world.cipherSuites));
    return [...seen, ...(await databaseHeard(world))];
  },
};

async function heard(listener: Listener, suites: readonly string[]): Promise<string> {
  const others = CIPHER_SUITES.filter((suite) => !suites.includes(suite));
  return judge(listener.name, readHandshakes(await listener.run(handshakeCommand(listener, others))), suites);
}

/** Any answer to a plain request; 400 is what some servers of TLS say to it. */
const PLAIN = /^HTTP\/1\.\d (?!400)\d{3}/;

/** An `up` makes a certificate anew that has 60 days left: one with fewer than these has had no `up` for a month. */
const LEAST_DAYS = 30;

/** What was seen of a server. @throws Breach, or Error where TLS 1.3 itself does not come about: nothing else is proof then. */
function judge(name: string, { plain, old, own, others, days = 0 }: Handshakes, suites: readonly string[]): string {
  if (PLAIN.test(plain)) throw new Breach(`${name} answers plain HTTP: ${plain}`);
  const [protocol, suite = ""] = own.split(" ");
  if (protocol !== "TLSv1.3") throw new Error(`${name}: TLS 1.3 with the environment's authority: ${own}`);
  if (!suites.includes(suite)) throw new Breach(`${name} chooses ${suite}`);
  if (old.startsWith("TLSv1")) throw new Breach(`${name} takes ${old}`);
  if (others?.startsWith("TLSv1")) throw new Breach(`${name} takes ${others}, which the settings do not name`);
  if (days < LEAST_DAYS) throw new Breach(`${name} shows a certificate that ends in ${days} days: run breakwater up`);
  return `${name}: ${own}, certificate for ${days} days; plain HTTP: ${plain}; TLS 1.2: ${old}${others === undefined ? "" : `; other suites: ${others}`}`;
}

const ONE = "SELECT 1";

async function databaseHeard({ database }: World): Promise<readonly string[]> {
  const own = await database.query("router", ONE);
  if (own.exitCode !== 0) throw new Error(`the database does not answer: ${lastWords(own)}`);
  refused(
    await database.query("router", ONE, { PGSSLMODE: "disable" }),
    "the database is heard without TLS",
    /no encryption/,
  );
  const old = { PGSSLMODE: "require", PGSSLMINPROTOCOLVERSION: "TLSv1.2", PGSSLMAXPROTOCOLVERSION: "TLSv1.2" };
  refused(await database.query("router", ONE, old), "the database is heard by TLS 1.2", /protocol version/);
  return ["database: TLS 1.3; refused without TLS and by TLS 1.2"];
}
