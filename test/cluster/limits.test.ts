import type { V1PodSpec } from "@kubernetes/client-node";
import { beforeAll, expect, test } from "vitest";
import { replyText } from "../../cli/deploy/front-door-client.ts";
import { liveWorld } from "../../cli/verify/live-world.ts";
import type { Executed, TenantTargets, World } from "../../cli/verify/world.ts";
import { secretFolder } from "../../tools/secrets/index.ts";
import { type Deployed, deployed, until } from "../support/cluster.ts";
import { withSandbox } from "../support/sandboxes.ts";

let at: Deployed;
let world: World;

beforeAll(async () => {
  at = await deployed();
  world = await liveWorld(at.environment, at.cluster);
});

function engineering(): TenantTargets {
  const tenant = world.tenants.find(({ id }) => id === "engineering");
  if (tenant === undefined) throw new Error("the environment has no tenant engineering");
  return tenant;
}

/** A command in engineering's sandbox, as the user that an agent's commands run as. */
function inSandbox(...argv: string[]): Promise<Executed> {
  return world.exec(engineering(), "sandbox", argv);
}

test("a writer in /workspace is stopped at openshell.filesystem.max_size_gb, and no file outlives that", async () => {
  const limit = at.environment.settings.openshell.filesystem.max_size_gb * 1024 ** 3;
  const { stdout, exitCode } = await inSandbox(
    "python3",
    "-c",
    `
import os
block, written = b"x" * (1 << 20), 0
try:
    with open("/workspace/fill", "wb", buffering=0) as file:
        while written <= ${limit} + (1 << 26):
            written += file.write(block)
except OSError as error:
    print(error.errno, written)
finally:
    os.remove("/workspace/fill")
`,
  );
  expect(exitCode).toBe(0);
  const [errno, written] = stdout.trim().split(" ").map(Number);
  expect(errno, "ENOSPC").toBe(28);
  expect(written).toBeLessThanOrEqual(limit);
  expect(written).toBeGreaterThan(limit * 0.9);
});

test("a command is ended when it has used openshell.execution.max_cpu_seconds, and not before", async () => {
  const limit = at.environment.settings.openshell.execution.max_cpu_seconds;
  const answer = await world.client("engineering").chat("RUN: ulimit -t");
  expect(replyText(answer.body)).toContain(String(limit));
});

test("a command that only waits is ended after openshell.execution.max_wall_seconds, with all that it started", async () => {
  const limit = 15;
  await withSandbox(at, engineering().namespace, wallSeconds(limit), async () => {
    await untilSshAnswers();
    const began = Date.now();
    const ended = await bySsh("setsid sleep 7401 & (setsid sleep 7401 &); sleep 7401");
    expect(ended.exitCode).toBe(124);
    expect(ended.stderr).toContain(`ended after ${limit} s, and all that it had started`);
    expect(ended.stderr).toContain("openshell.execution.max_wall_seconds");
    expect(Date.now() - began).toBeGreaterThan((limit - 1) * 1000);
    expect((await inSandbox("pgrep", "-xfc", "sleep 7401")).stdout.trim()).toBe("0");
  });
});

test("a command that ends in time keeps its exit status, its input and its output", async () => {
  const ended = await bySsh("read word; echo $word; exit 7", "spoken");
  expect([ended.exitCode, ended.stdout]).toEqual([7, "spoken\n"]);
});

test("a command that stops the sandbox's first process gains two minutes, and then the sandbox is started anew", async () => {
  const { namespace } = engineering();
  const sandbox = async () => {
    const labelSelector = "app.kubernetes.io/component=sandbox";
    const { items } = await at.core.listNamespacedPod({ namespace, labelSelector });
    return items[0]?.status?.containerStatuses?.[0];
  };
  await withSandbox(at, namespace, wallSeconds(15), async () => {
    await untilSshAnswers();
    await bySsh("kill -STOP 1; setsid sleep 7402 >/dev/null 2>&1 </dev/null &");
    expect((await inSandbox("pgrep", "-xfc", "sleep 7402")).stdout.trim()).toBe("1");
    const after = await until(sandbox, (status) => (status?.restartCount ?? 0) > 0 && status?.ready === true, 150);
    expect([after?.restartCount, after?.ready]).toEqual([1, true]);
    expect((await inSandbox("pgrep", "-xfc", "sleep 7402")).stdout.trim()).toBe("0");
  });
});

/** A sandbox that is made anew is ready a moment before its address leads to it. */
async function untilSshAnswers(): Promise<void> {
  await until(
    () => bySsh("true"),
    ({ exitCode }) => exitCode === 0,
    60,
  );
}

/** A command in engineering's sandbox as OpenClaw sends it: by SSH from its cell, with the cell's key. */
function bySsh(command: string, input = ""): Promise<Executed> {
  const options = ["StrictHostKeyChecking=yes", "UserKnownHostsFile=/run/secrets/cell/known_hosts", "LogLevel=ERROR"];
  const { namespace } = engineering();
  const ssh = [
    ...["ssh", "-p", "2222", "-i", "/run/secrets/cell/ssh-key", ...options.flatMap((option) => ["-o", option])],
    ...[`node@sandbox.${namespace}.svc.cluster.local`, command],
  ];
  return world.exec(engineering(), "cell", [
    "sh",
    "-c",
    'printf "%s\\n" "$1" | { shift; exec "$@"; }',
    "sh",
    input,
    ...ssh,
  ]);
}

/** A pod whose commands have that many seconds. */
function wallSeconds(seconds: number): (pod: V1PodSpec) => void {
  return ({ containers }) => {
    const variable = containers[0]?.env?.find(({ name }) => name === "MAX_WALL_SECONDS");
    if (variable === undefined) throw new Error("the sandbox is told no MAX_WALL_SECONDS");
    variable.value = String(seconds);
  };
}

test("an agent's command runs without capabilities, without root and on a read-only root", async () => {
  // Sixteen zeros are a card number for the source's rule, and screening would not let them pass.
  const answer = await world
    .client("engineering")
    .chat("RUN: id -u; grep CapEff /proc/self/status | tr 0 o; touch /var/tmp/x; sudo -n true; true");
  const said = replyText(answer.body);
  expect(said).toMatch(/\b1000\b/);
  expect(said).toMatch(/CapEff:\s*o{16}/);
  expect(said).toMatch(/Read-only file system/);
  expect(said).toMatch(/sudo: (command )?not found/);
});

test("a blocked command is refused before it reaches the sandbox", async () => {
  const answer = await world.client("engineering").chat("RUN: mkfs /dev/null");
  expect(replyText(answer.body)).toMatch(/blocked|policy|denied/i);
  expect(replyText(answer.body)).not.toMatch(/not found/);
});

test("every tool call leaves a record in the cell, allowed or denied, without its content", async () => {
  const tenant = engineering();
  const word = `canary${Date.now()}`;
  await world.client("engineering").chat(`RUN: echo ${word}`);
  await world.client("engineering").chat(`RUN: mkfs ${word}`);
  const { stdout } = await world.exec(tenant, "cell", ["tail", "-n", "2", "/state/logs/tool-audit.jsonl"]);
  const records = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { tool: string; decision: string; rule: unknown });
  expect(records.map(({ tool, decision, rule }) => ({ tool, decision, rule }))).toEqual([
    { tool: "exec", decision: "allow", rule: null },
    { tool: "exec", decision: "deny", rule: "mkfs" },
  ]);
  expect(stdout).not.toContain(word);
});

test("a sandbox that takes more than openshell.execution.max_memory_mb is killed, and comes back empty", async () => {
  const { namespace } = engineering();
  const limitMiB = at.environment.settings.openshell.execution.max_memory_mb;
  const sandbox = async () => {
    const labelSelector = "app.kubernetes.io/component=sandbox";
    const { items } = await at.core.listNamespacedPod({ namespace, labelSelector });
    return items[0]?.status?.containerStatuses?.[0];
  };
  await inSandbox("touch", "/workspace/left-behind");
  const before = (await sandbox())?.restartCount ?? 0;

  const ended = await inSandbox("python3", "-c", `b"x" * (${limitMiB + 256} << 20)`).then(
    ({ exitCode }) => exitCode,
    (error: unknown) => String(error),
  );

  expect(ended).not.toBe(0);
  const after = await until(sandbox, (status) => (status?.restartCount ?? 0) > before && status?.ready === true, 90);
  expect(after?.lastState?.terminated?.reason).toBe("OOMKilled");
  expect((await inSandbox("ls", "-A", "/workspace")).stdout.trim()).toBe("");
});

test("nothing of the cell's secrets is in the sandbox", async () => {
  const { stdout } = await inSandbox(
    "sh",
    "-c",
    "cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n'; cat /etc/sshd-keys/*; ls -R /run",
  );
  const secrets = secretFolder(at.environment.name);
  expect(stdout).toContain("MAX_CPU_SECONDS");
  for (const name of ["gateway-token", "router-key", "ssh-key"]) {
    const lines = secrets.read(`tenants/engineering/${name}`).trim().split("\n");
    expect(stdout.includes(lines[2] ?? lines[0] ?? ""), name).toBe(false);
  }
});
