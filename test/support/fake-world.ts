import type { V1Pod } from "@kubernetes/client-node";
import { type Answer, FrontDoorClient } from "../../cli/deploy/front-door-client.ts";
import type { Handshakes } from "../../cli/verify/handshakes.ts";
import {
  type Executed,
  type Listener,
  METADATA,
  type PodRequest,
  type Target,
  type TenantTargets,
  type World,
} from "../../cli/verify/world.ts";
import { podRules } from "../../components/agents/pod-rules.ts";

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
  /** The API server takes every pod. */
  readonly takesAnyPod?: boolean;
  /** The API server takes no pod at all. */
  readonly takesNoPod?: boolean;
  /** What commands leave behind never ends. */
  readonly endless?: boolean;
  /** Commands start without a deadline. */
  readonly withoutDeadline?: boolean;
  /** Commands may take their deadline away. */
  readonly raisesDeadline?: boolean;
  /** How a server of the inside answers, as {@link Handshakes} has it. */
  readonly handshakes?: Partial<Handshakes>;
  /** The database is heard over connections of this PGSSLMODE. */
  readonly databaseHeard?: string;
  /** The agent says the same whatever it is told. */
  readonly monotonous?: boolean;
}

/**
 * A FAKE of a deployment, for tests of the checks alone: no cluster, no network. It keeps every promise that the
 * checks are about, except those that its flaws break, so that a check can be seen to fail without its control.
 */
export function fakeWorld(flaws: Flaws = {}, ids: readonly string[] = ["marketing", "engineering", "sales"]): World {
  const tenants = ids.map(fakeTenant);
  const pgrep = fakeProcesses();
  const memory: { readonly tenant: string; readonly text: string }[] = [];
  return {
    tenants,
    client: (id) => new FakeFrontDoor(id, ids, flaws, memory),
    exec: async (tenant, part, argv) =>
      argv[0] === "pgrep" ? pgrep(tenant, flaws) : fakeExec(tenant, part, argv, flaws),
    pod: async (tenant, part) => fakePod(tenant, part),
    ask: async (request) => fakeRefusal(request, flaws),
    apiServer: [{ name: "API server", host: "10.9.0.1", port: 6443 }],
    router: ROUTER,
    database: {
      targets: [DATABASE],
      query: async (user, statement, variables) => fakeQuery(user, statement, flaws, variables),
    },
    listeners: [fakeListener(flaws)],
    cipherSuites: SUITES,
    sharedParts: [{ name: "front door", host: "10.9.0.3", port: 18789 }],
    outside: [{ name: "the internet", host: "1.1.1.1", port: 443 }],
  };
}

const DATABASE: Target = { name: "database", host: "10.9.0.4", port: 5432 };

const SUITES = ["TLS_AES_256_GCM_SHA384"];

function fakeListener({ handshakes, probe }: Flaws): Listener {
  const seen: Handshakes = {
    plain: "closed",
    old: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
    own: `TLSv1.3 ${SUITES[0]}`,
    days: 364,
    others: "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
    ...handshakes,
  };
  return {
    ...{ name: "cell of marketing", host: "cell.tenant-marketing.svc.cluster.local", port: 18789 },
    authority: "/run/secrets/front-door/authority.crt",
    run: async () => probe ?? { ...NOTHING, stdout: JSON.stringify(seen) },
  };
}

function fakeQuery(
  user: string,
  statement: string,
  { mighty = [], probe, databaseHeard }: Flaws,
  variables: Readonly<Record<string, string>> = {},
): Executed {
  if (probe !== undefined) return probe;
  if (statement === "SELECT 1" && user === "router") {
    const { PGSSLMODE } = variables;
    if (PGSSLMODE === undefined || PGSSLMODE === databaseHeard) return { ...NOTHING, stdout: " 1\n" };
    const stderr = PGSSLMODE === "disable" ? "FATAL: no pg_hba.conf entry, no encryption" : "alert protocol version";
    return { stdout: "", stderr, exitCode: 2 };
  }
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

/** Processes of a command, as they are looked for: there when they are first asked for, and then gone with their time. */
function fakeProcesses(): (tenant: TenantTargets, flaws: Flaws) => Executed {
  const asked = new Set<string>();
  return ({ id }, { endless, probe }) => {
    if (probe !== undefined) return probe;
    const alive = endless === true || !asked.has(id);
    asked.add(id);
    return { stdout: alive ? "4\n" : "0\n", stderr: "", exitCode: alive ? 0 : 1 };
  };
}

function fakePod({ id, namespace }: TenantTargets, part: "cell" | "sandbox"): V1Pod {
  return {
    metadata: {
      name: part === "cell" ? "cell-0" : "sandbox-1",
      namespace,
      labels: { "app.kubernetes.io/component": part, "breakwater.dev/tenant": id },
    },
    spec: {
      ...(part === "cell" ? {} : { runtimeClassName: "gvisor" }),
      containers: [{ name: part, image: `registry.example.com/${part}@sha256:1` }],
      nodeName: "node",
    },
  };
}

/** Takes the tenant's own pods, and refuses every other for everything that one can be refused for. */
function fakeRefusal({ how, pod }: PodRequest, { answersAll, takesAnyPod, takesNoPod }: Flaws): string | undefined {
  if (answersAll !== undefined) throw new Error(`${answersAll}`);
  if (takesAnyPod) return how === "create" ? 'pods "x" is forbidden: exceeded quota: tenant' : undefined;
  const namespace = pod.metadata?.namespace ?? "";
  const part = pod.metadata?.name === "cell-0" ? "cell" : "sandbox";
  const own = fakePod({ id: namespace.replace("tenant-", ""), namespace, cell: [], sandbox: [] }, part);
  const { nodeName: _, ...unscheduled } = own.spec ?? { containers: [] };
  const same =
    JSON.stringify(pod.metadata?.labels) === JSON.stringify(own.metadata?.labels) &&
    pod.metadata?.annotations === undefined &&
    JSON.stringify(pod.spec) === JSON.stringify(how === "create" ? unscheduled : own.spec);
  if (same && !takesNoPod) return undefined;
  const facts = { runtimeClass: "gvisor", cell: {}, sandbox: {} };
  const every = podRules(facts).map(({ message }) => message);
  return `ValidatingAdmissionPolicy 'breakwater-tenant-pods' denied request: ${every.join("; ")}`;
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
    if (said.includes("ulimit")) {
      const { withoutDeadline, raisesDeadline } = this.#flaws;
      return `${withoutDeadline ? "without a deadline\n" : ""}${raisesDeadline ? "raised it" : "kept it"}`;
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
