import { type Answer, FrontDoorClient } from "../../cli/deploy/front-door-client.ts";
import { type Executed, METADATA, type Target, type TenantTargets, type World } from "../../cli/verify/world.ts";

/** What a fake world does wrong; empty: every control holds. */
export interface Flaws {
  /** The front door believes X-Tenant-ID rather than the key. */
  readonly believesHeader?: boolean;
  /** The front door answers everything with this status. */
  readonly answersAll?: number;
  /** Tenants whose agent says nothing. */
  readonly silent?: readonly string[];
  /** Every tenant finds what any tenant wrote. */
  readonly sharesMemory?: boolean;
  /** Nobody finds anything. */
  readonly forgets?: boolean;
  /** Addresses (`host:port`) that connect though they must not. */
  readonly open?: readonly string[];
  /** Addresses that do not connect though they must. */
  readonly dead?: readonly string[];
  /** Every probe prints this instead of what it saw. */
  readonly probe?: Executed;
  /** Tool calls run on the node's own kernel. */
  readonly withoutGvisor?: boolean;
  /** Tool calls run in the cell. */
  readonly runsInCell?: boolean;
  /** Database users that may do whatever they ask. */
  readonly mighty?: readonly string[];
  /** The front door lets every text through as it is. */
  readonly screensNothing?: boolean;
  /** The agent says the same whatever it is told. */
  readonly monotonous?: boolean;
}

/**
 * A FAKE of a deployment, for tests of the checks alone: no cluster, no network. It keeps every promise that the
 * checks are about, except those that its flaws break, so that a check can be seen to fail without its control.
 */
export function fakeWorld(flaws: Flaws = {}, ids: readonly string[] = ["marketing", "engineering", "sales"]): World {
  const tenants = ids.map(fakeTenant);
  const memory: { readonly tenant: string; readonly text: string }[] = [];
  return {
    tenants,
    client: (id) => new FakeFrontDoor(id, ids, flaws, memory),
    exec: async (tenant, part, argv) => fakeExec(tenant, part, argv, flaws),
    apiServer: [{ name: "API server", host: "10.9.0.1", port: 6443 }],
    router: ROUTER,
    database: {
      targets: [DATABASE],
      query: async (user, statement) => fakeQuery(user, statement, flaws),
    },
    sharedParts: [{ name: "front door", host: "10.9.0.3", port: 18789 }],
    outside: [{ name: "the internet", host: "1.1.1.1", port: 443 }],
  };
}

const DATABASE: Target = { name: "database", host: "10.9.0.4", port: 5432 };

function fakeQuery(user: string, statement: string, { mighty = [], probe }: Flaws): Executed {
  if (probe !== undefined) return probe;
  if (mighty.includes(user) || (user === "front_door" && statement.includes("api_keys"))) {
    return { ...NOTHING, stdout: " 3\n" };
  }
  const stderr = user === "postgres" ? "FATAL:  no pg_hba.conf entry for host" : "ERROR:  permission denied for table";
  return { stdout: "", stderr, exitCode: 1 };
}

const ROUTER: Target = { name: "router", host: "10.9.0.2", port: 8080 };

function fakeTenant(id: string, index: number): TenantTargets {
  const at = (part: number, port: number, name: string): Target => ({
    name: `${id}/${name}`,
    host: `10.9.${index + 1}.${part}`,
    port,
  });
  return {
    id,
    namespace: `tenant-${id}`,
    cell: [at(1, 18789, "cell service"), at(2, 18789, "cell pod")],
    sandbox: [at(3, 2222, "sandbox service"), at(4, 2222, "sandbox pod")],
  };
}

const NOTHING = { stderr: "", exitCode: 0 };

function fakeExec(tenant: TenantTargets, part: "cell" | "sandbox", argv: readonly string[], flaws: Flaws): Executed {
  if (argv[0] === "hostname") return { ...NOTHING, stdout: `${part}-of-${tenant.id}\n` };
  if (flaws.probe !== undefined) return flaws.probe;
  const allowed = part === "cell" ? [ROUTER, ...tenant.sandbox].map(address) : ["127.0.0.1:2222"];
  const connects = (target: string) =>
    flaws.open?.includes(target) || (allowed.includes(target) && !flaws.dead?.includes(target));
  const seen = argv.slice(3).map((target) => [target, connects(target) ? "open" : "timed out"]);
  return { ...NOTHING, stdout: `${JSON.stringify(Object.fromEntries(seen))}\n` };
}

/** `host:port`. */
export function address({ host, port }: Target): string {
  return `${host}:${port}`;
}

/** The metadata service's address. */
export const METADATA_ADDRESS: string = address(METADATA);

/** A FAKE front door: tenancy, memory and replies as the flaws leave them. */
class FakeFrontDoor extends FrontDoorClient {
  readonly #id: string;
  readonly #ids: readonly string[];
  readonly #flaws: Flaws;
  readonly #memory: { readonly tenant: string; readonly text: string }[];

  constructor(id: string, ids: readonly string[], flaws: Flaws, memory: { tenant: string; text: string }[]) {
    super("http://fake.invalid", "a key of nobody");
    this.#id = id;
    this.#ids = ids;
    this.#flaws = flaws;
    this.#memory = memory;
  }

  override async request(
    path: string,
    init: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const wanted = init.headers?.["x-tenant-id"];
    if (this.#flaws.answersAll !== undefined) return answer(this.#flaws.answersAll, {});
    if (wanted !== undefined && wanted !== this.#id && !this.#flaws.believesHeader) return answer(403, {});
    if (wanted !== undefined && !this.#ids.includes(wanted)) return answer(403, {});
    const url = new URL(path, "http://fake.invalid");
    if (url.pathname === "/api/memory/search") return this.#search(url.searchParams.get("q") ?? "");
    const { messages } = init.body as { messages: readonly { content: string }[] };
    if (!this.#flaws.screensNothing && /\d{4} \d{4} \d{4} \d{4}/.test(messages.at(-1)?.content ?? "")) {
      return answer(403, { error: { code: "screening/blocked" } });
    }
    return answer(200, { choices: [{ message: { content: this.#reply(messages.at(-1)?.content ?? "") } }] });
  }

  #search(query: string): Answer {
    const { forgets, sharesMemory } = this.#flaws;
    const results = this.#memory.filter(
      ({ tenant, text }) => !forgets && (sharesMemory || tenant === this.#id) && text.includes(query),
    );
    return answer(200, { query, results });
  }

  #reply(said: string): string {
    if (this.#flaws.silent?.includes(this.#id)) return "";
    if (said.startsWith("REMEMBER: ")) this.#memory.push({ tenant: this.#id, text: said });
    if (this.#flaws.monotonous) return "I see.";
    if (!said.startsWith("RUN: ")) {
      return `echo: ${this.#flaws.screensNothing ? said : said.replace(/\d{3}-\d{2}-\d{4}/, "[redacted]")}`;
    }
    const where = this.#flaws.runsInCell ? "cell" : "sandbox";
    const kernel = this.#flaws.withoutGvisor
      ? "[    0.000000] Linux version 6.12"
      : "[    0.000000] Starting gVisor...";
    return `${where}-of-${this.#id}\n4.4.0\n${kernel}`;
  }
}

function answer(status: number, body: unknown): Answer {
  return { status, headers: new Headers(), body };
}
