import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { V1PodSpec } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FrontDoorClient } from "../../cli/deploy/front-door-client.ts";
import { runCheck } from "../../cli/verify/check.ts";
import { cellReach } from "../../cli/verify/checks/cell-reach.ts";
import { chatAnswers } from "../../cli/verify/checks/chat-answers.ts";
import { databaseWalled } from "../../cli/verify/checks/database-walled.ts";
import { CHECKS } from "../../cli/verify/checks/index.ts";
import { memoryIsolated } from "../../cli/verify/checks/memory-isolated.ts";
import { podsAdmitted } from "../../cli/verify/checks/pods-admitted.ts";
import { sandboxKernel } from "../../cli/verify/checks/sandbox-kernel.ts";
import { sandboxReach } from "../../cli/verify/checks/sandbox-reach.ts";
import { screeningRedacts } from "../../cli/verify/checks/screening-redacts.ts";
import { tenantHeader } from "../../cli/verify/checks/tenant-header.ts";
import { timeIsUp } from "../../cli/verify/checks/time-is-up.ts";
import { transportEncrypted } from "../../cli/verify/checks/transport-encrypted.ts";
import { liveWorld } from "../../cli/verify/live-world.ts";
import type { World } from "../../cli/verify/world.ts";
import { keyFolder } from "../../tools/secrets/index.ts";
import { answering } from "../support/address.ts";
import { type Deployed, deployed, settle, until, withoutPolicies } from "../support/cluster.ts";
import { withoutPodAdmission, withSandbox } from "../support/sandboxes.ts";

/** A documentation address (RFC 5737) that this machine answers while the tests run: the internet of this test. */
const OUTSIDE = { name: "outside", host: "203.0.113.10", port: 4443 };

let at: Deployed;
const world = (): Promise<World> => liveWorld(at.environment, at.cluster, [OUTSIDE]);

beforeAll(async () => {
  at = await deployed();
});

describe("with every control in place", () => {
  test.each(CHECKS)("$id holds", async (check) => {
    const outcome = await answering(OUTSIDE.host, OUTSIDE.port, async () => runCheck(check, await world()));
    expect(outcome.seen, outcome.claim).not.toEqual([]);
    expect(outcome, outcome.seen.join("\n")).toMatchObject({ passed: true });
  });
});

describe("a check fails when its control is taken away", () => {
  test("chat/answers without the model router", async () => {
    await scaled("breakwater", "router", 0, async () => {
      expect(await settle(chatAnswers, world, "breached")).toMatchObject({ verdict: "breached" });
    });
    expect(await settle(chatAnswers, world, "held")).toMatchObject({ passed: true });
  });

  test("tenancy/header when the header never reaches the front door", async () => {
    const good = await world();
    const proxy = await headerDroppingProxy(at.cluster.frontDoorAddress);
    const { port } = proxy.address() as AddressInfo;
    const keys = keyFolder(at.environment.name);
    const client = (id: string) =>
      FrontDoorClient.fromKeyFile(`http://127.0.0.1:${port}`, keys.path(`tenant-${id}.key`));
    const outcome = await runCheck(tenantHeader, { ...good, client });
    proxy.close();
    expect(outcome.seen.join()).toMatch(/200, not 403/);
    expect(outcome.passed).toBe(false);
  });

  test("memory/isolated when another tenant's requests go to the same cell", async () => {
    await withSettings("front-door", sharedCell, async () => {
      expect((await settle(memoryIsolated, world, "breached")).seen.join()).toMatch(/finds what engineering wrote/);
    });
    expect(await settle(memoryIsolated, world, "held")).toMatchObject({ passed: true });
  });

  test("sandbox/own-kernel when the sandbox runs on the node's kernel", async () => {
    const onNodesKernel = (pod: V1PodSpec) => {
      delete pod.runtimeClassName;
    };
    await withoutPodAdmission(at, () =>
      withSandbox(at, "tenant-engineering", onNodesKernel, async () => {
        const outcome = await settle(sandboxKernel, world, "breached");
        expect(outcome.seen.join()).toMatch(/engineering: no gVisor kernel log/);
      }),
    );
    expect(await settle(sandboxKernel, world, "held")).toMatchObject({ passed: true });
  });

  test("sandbox/reaches-nothing without the tenant's NetworkPolicies", async () => {
    await answering(OUTSIDE.host, OUTSIDE.port, () =>
      withoutPolicies(at, "tenant-marketing", async () => {
        const outcome = await settle(sandboxReach, world, "breached");
        expect(outcome.seen.join()).toMatch(/API server/);
        expect(outcome.seen.join()).toMatch(/outside \(203\.0\.113\.10:4443\)/);
      }),
    );
    expect(await settle(sandboxReach, world, "held")).toMatchObject({ passed: true });
  });

  test("cell/reaches-only-its-own without the tenant's NetworkPolicies", async () => {
    await answering(OUTSIDE.host, OUTSIDE.port, () =>
      withoutPolicies(at, "tenant-marketing", async () => {
        const outcome = await settle(cellReach, world, "breached");
        expect(outcome.seen.join()).toMatch(/API server/);
        expect(outcome.seen.join()).toMatch(/outside \(203\.0\.113\.10:4443\)/);
      }),
    );
    expect(await settle(cellReach, world, "held")).toMatchObject({ passed: true });
  });
});

describe("a check of this release fails when its control is taken away", () => {
  test("tenant/pods-admitted when nothing binds the policy", async () => {
    await withoutPodAdmission(at, async () => {
      // The API server lets go of a binding little by little: which of the attempts it takes first differs.
      expect((await settle(podsAdmitted, world, "breached")).seen.join()).toMatch(/: the API server takes /);
    });
    expect(await settle(podsAdmitted, world, "held")).toMatchObject({ passed: true });
  });

  test("sandbox/time-is-up when the SSH server is the sandbox's first process", async () => {
    await withoutPodAdmission(at, () =>
      withSandbox(at, "tenant-marketing", withoutTimekeeper, async () => {
        const outcome = await settle(timeIsUp, world, "breached");
        expect(outcome.seen.join()).toMatch(/marketing: 4 of 4 processes outlive their command's time/);
      }),
    );
    expect(await settle(timeIsUp, world, "held")).toMatchObject({ passed: true });
  });

  test("database/walled without the NetworkPolicies of the tenant and of the database", async () => {
    await withoutPolicies(at, "tenant-marketing", () =>
      withoutPolicies(at, "breakwater", async () => {
        expect((await settle(databaseWalled, world, "breached")).seen.join()).toMatch(/reachable: .*postgres/);
      }),
    );
    expect(await settle(databaseWalled, world, "held")).toMatchObject({ passed: true });
  });

  test("database/walled when the router's user is given a look at the keys", async () => {
    const { database } = await world();
    await database.query("front_door", "GRANT SELECT ON api_keys TO router");
    try {
      expect((await settle(databaseWalled, world, "breached")).seen).toEqual(["the router's user reads API keys"]);
    } finally {
      await database.query("front_door", "REVOKE ALL ON api_keys FROM router");
    }
    expect(await settle(databaseWalled, world, "held")).toMatchObject({ passed: true });
  });

  test("transport/encrypted when the model router serves without TLS", async () => {
    await withSettings("router", withoutTransport, async () => {
      expect((await settle(transportEncrypted, world, "breached")).seen.join()).toMatch(/router .* answers plain HTTP/);
    });
    expect(await settle(transportEncrypted, world, "held")).toMatchObject({ passed: true });
  });

  test("screening/redacts when neither front door nor model router screens", async () => {
    await withSettings("front-door", withoutScreening, () =>
      withSettings("router", withoutScreening, async () => {
        expect((await settle(screeningRedacts, world, "breached")).seen.join()).toMatch(/number came back/);
      }),
    );
    expect(await settle(screeningRedacts, world, "held")).toMatchObject({ passed: true });
  });
});

afterAll(async () => {
  await ready("breakwater", "front-door", 2);
  await ready("breakwater", "router", 2);
});

async function scaled(namespace: string, name: string, replicas: number, body: () => Promise<void>): Promise<void> {
  const before = await at.apps.readNamespacedStatefulSetScale({ namespace, name });
  const set = (count: number) =>
    at.apps.replaceNamespacedStatefulSetScale({
      namespace,
      name,
      body: { ...before, spec: { replicas: count }, metadata: { namespace, name } },
    });
  await set(replicas);
  try {
    await body();
  } finally {
    const wanted = before.spec?.replicas ?? 1;
    await set(wanted);
    await ready(namespace, name, wanted);
  }
}

/** Waits until all pods of a workload are those that are wanted now, and answer. */
async function ready(namespace: string, name: string, replicas: number): Promise<void> {
  const { status } = await until(
    () => at.apps.readNamespacedStatefulSet({ namespace, name }),
    ({ metadata, status }) =>
      status?.observedGeneration === metadata?.generation &&
      status?.readyReplicas === replicas &&
      status?.updatedReplicas === replicas &&
      status?.replicas === replicas,
    180,
  );
  expect(status?.readyReplicas).toBe(replicas);
}

/** Runs `body` while a service runs with changed settings, and puts its own back. */
async function withSettings(
  service: "front-door" | "router",
  change: (text: string) => string,
  body: () => Promise<void>,
): Promise<void> {
  const { data } = await at.core.readNamespacedConfigMap({ namespace: "breakwater", name: `${service}-settings` });
  const original = data?.["settings.json"] ?? "";
  await putSettings(service, change(original));
  try {
    await body();
  } finally {
    await putSettings(service, original);
  }
}

/** Puts a service's settings in place and starts its pods anew with them. */
async function putSettings(service: string, text: string): Promise<void> {
  const namespace = "breakwater";
  const name = `${service}-settings`;
  const map = await at.core.readNamespacedConfigMap({ namespace, name });
  await at.core.replaceNamespacedConfigMap({ namespace, name, body: { ...map, data: { "settings.json": text } } });
  const labelSelector = `app.kubernetes.io/component=${service}`;
  const uids = async (): Promise<readonly (string | undefined)[]> =>
    (await at.core.listNamespacedPod({ namespace, labelSelector })).items.map(({ metadata }) => metadata?.uid);
  const before = await uids();
  await at.core.deleteCollectionNamespacedPod({ namespace, labelSelector, gracePeriodSeconds: 1 });
  // A new pod has the name of the old one, and the old ones may still count as ready.
  await until(uids, (now) => now.every((uid) => !before.includes(uid)), 60);
  await ready(namespace, service, 2);
}

function withoutScreening(text: string): string {
  return JSON.stringify({ ...(JSON.parse(text) as object), screening: { rules: [] } });
}

/** A model router that serves plainly, and finds no model: those inside it knows by the authority that it lost. */
function withoutTransport(text: string): string {
  const {
    transport: _transport,
    providers,
    ...rest
  } = JSON.parse(text) as { providers: Record<string, object> } & {
    transport: unknown;
  };
  const known = Object.entries(providers).map(([name, { ...provider }]) => {
    delete (provider as { own_authority?: unknown }).own_authority;
    return [name, provider] as const;
  });
  return JSON.stringify({ ...rest, providers: Object.fromEntries(known) });
}

/** The settings with every tenant led to engineering's cell. */
function sharedCell(text: string): string {
  const settings = JSON.parse(text) as { tenants: { id: string; cell: unknown }[] };
  const { cell } = settings.tenants.find(({ id }) => id === "engineering") ?? { cell: undefined };
  return JSON.stringify({ ...settings, tenants: settings.tenants.map((tenant) => ({ ...tenant, cell })) });
}

/** Commands get their deadline, and nothing holds them to it. */
function withoutTimekeeper(pod: V1PodSpec): void {
  const [container] = pod.containers;
  if (container === undefined) throw new Error("the sandbox has no container");
  const command = "ForceCommand=cpu=300 wall=1800 . /opt/breakwater/bin/run-command";
  container.command = ["/usr/sbin/sshd", "-D", "-e", "-f", "/etc/breakwater/sshd_config", "-o", command];
  delete container.livenessProbe;
}

/** A front door that does not look at X-Tenant-ID, as its clients see it: the header is dropped on the way. */
async function headerDroppingProxy(address: string): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const { "x-tenant-id": _dropped, ...headers } = incoming.headers;
    const upstream = request(
      `http://${address}${incoming.url}`,
      { method: incoming.method ?? "GET", headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    upstream.once("error", () => outgoing.writeHead(502).end());
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
