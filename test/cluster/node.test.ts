import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, clusterStatus, clusterUp } from "../../tools/cluster/index.ts";
import { podProcesses } from "../../tools/cluster/node/host.ts";
import { markedProcesses, startTicksOf, terminate, until } from "../../tools/cluster/node/process.ts";
import { ensureGoTools } from "../../tools/go/index.ts";
import { writeScratchImage } from "../../tools/images/scratch.ts";
import { projectRoot } from "../../tools/paths.ts";
import { silent } from "../../tools/progress.ts";

const run = promisify(execFile);
const namespace = "node-test";
const image = "docker.io/breakwater/probe:test";
let cluster: Cluster;
let work: string;
let kubectlPath: string;

async function kubectl(...args: readonly string[]): Promise<string> {
  const options = { maxBuffer: 1 << 24 };
  return (await run(kubectlPath, ["--kubeconfig", cluster.kubeconfig, ...args], options)).stdout.trim();
}

function apply(objects: readonly unknown[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(kubectlPath, ["--kubeconfig", cluster.kubeconfig, "apply", "-f", "-"], (error) =>
      error === null ? resolve() : reject(error),
    );
    child.stdin?.end(JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  });
}

function probe(pod: string, ...args: readonly string[]): Promise<string> {
  return kubectl("-n", namespace, "exec", pod, "--", "/probe", ...args);
}

function pod(name: string, runtimeClassName?: string): unknown {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { app: name, web: "yes" } },
    spec: {
      ...(runtimeClassName === undefined ? {} : { runtimeClassName }),
      terminationGracePeriodSeconds: 1,
      enableServiceLinks: false,
      automountServiceAccountToken: false,
      securityContext: { runAsUser: 1000, runAsGroup: 1000, fsGroup: 2000 },
      containers: [
        {
          name: "probe",
          image,
          imagePullPolicy: "Never",
          args: ["serve", ":8080"],
          readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
          volumeMounts: [{ name: "data", mountPath: "/data" }],
        },
      ],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
    },
  };
}

const volumeClaim = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "data", namespace },
  spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
};
const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace },
  spec: { type: "NodePort", selector: { web: "yes" }, ports: [{ port: 80, targetPort: 8080, nodePort: 18788 }] },
};
const denyIntoGvisor = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "deny-into-gvisor", namespace },
  spec: { podSelector: { matchLabels: { app: "on-gvisor" } }, policyTypes: ["Ingress"] },
};

beforeAll(async () => {
  cluster = await clusterUp({}, silent);
  kubectlPath = (await ensureGoTools(["kubectl"], silent)).kubectl;
  work = await mkdtemp(join(tmpdir(), "breakwater-node-"));
  const source = join(work, "probe");
  const cwd = join(projectRoot, "test", "cluster", "probe");
  await run("go", ["build", "-trimpath", "-buildvcs=false", "-o", source, "."], {
    cwd,
    env: { ...process.env, CGO_ENABLED: "0" },
  });
  const files = [{ path: "/probe", source, mode: 0o755 }];
  await writeScratchImage({ reference: image, files, entrypoint: ["/probe"], out: join(work, "probe.tar") });
  await cluster.importImage(join(work, "probe.tar"), image);
  await apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }]);
  await apply([volumeClaim, service, pod("on-runc"), pod("on-gvisor", "gvisor")]);
  await ready();
});

async function ready(): Promise<void> {
  await kubectl("-n", namespace, "wait", "pod", "--all", "--for=condition=Ready", "--timeout=90s");
}

afterAll(async () => {
  await kubectl("delete", "namespace", namespace, "--wait=true", "--timeout=90s");
  await rm(work, { recursive: true, force: true });
});

test("an imported image is known by its name, another is not", async () => {
  expect(await cluster.hasImage(image)).toBe(true);
  expect(await cluster.hasImage("docker.io/breakwater/probe:other")).toBe(false);
});

test("an archive under a digest that it does not have is refused", async () => {
  const wrong = `docker.io/breakwater/probe@sha256:${"0".repeat(64)}`;
  await expect(cluster.importImage(join(work, "probe.tar"), wrong)).rejects.toThrow("cluster/image-digest");
});

test("a pod of RuntimeClass gvisor runs on gVisor's kernel and another on the machine's", async () => {
  const machine = (await readFile("/proc/sys/kernel/osrelease", "utf8")).trim();
  expect(await probe("on-gvisor", "kernel")).toBe("4.19.0-gvisor");
  expect(await probe("on-runc", "kernel")).toBe(machine);
});

test("logs of a gVisor pod can be read", async () => {
  expect(await kubectl("-n", namespace, "logs", "on-gvisor")).toBe("serving");
});

test("a volume is shared by pods and belongs to their fsGroup", async () => {
  expect(await probe("on-runc", "write", "/data/note", "kept")).toBe("1000:2000");
  expect(await probe("on-gvisor", "read", "/data/note")).toBe("kept");
});

test("names of the cluster resolve, names outside it do not exist", async () => {
  const address = await kubectl("-n", namespace, "get", "service", "web", "-o", "jsonpath={.spec.clusterIP}");
  expect(await probe("on-gvisor", "resolve", `web.${namespace}.svc.cluster.local`)).toBe(address);
  await expect(probe("on-runc", "resolve", "example.com")).rejects.toThrow("no such host");
});

test("a NodePort answers on this machine's loopback from every replica", async () => {
  const answered = new Set<string>();
  await until(async () => {
    answered.add(await (await fetch("http://127.0.0.1:18788/")).text());
    return answered.size === 2;
  }, 10_000);
  expect([...answered].sort()).toEqual(["on-gvisor", "on-runc"]);
});

test("a policy without rules keeps others out of a gVisor pod, and only while it is there", async () => {
  const address = await kubectl("-n", namespace, "get", "pod", "on-gvisor", "-o", "jsonpath={.status.podIP}");
  const reaches = (): Promise<boolean> =>
    probe("on-runc", "get", `http://${address}:8080/`).then(
      () => true,
      () => false,
    );
  expect(await reaches()).toBe(true);
  await apply([denyIntoGvisor]);
  expect(await until(async () => !(await reaches()), 20_000)).toBe(true);
  await kubectl("-n", namespace, "delete", "networkpolicy", "deny-into-gvisor");
  expect(await until(reaches, 20_000)).toBe(true);
});

test("starting a node that runs replaces no process", async () => {
  const before = (await clusterStatus()).components.map(({ name, pid }) => ({ name, pid }));
  await clusterUp({}, silent);
  expect((await clusterStatus()).components.map(({ name, pid }) => ({ name, pid }))).toEqual(before);
});

test("each killed component is named by status and started again by up", async () => {
  for (const { name, pid } of (await clusterStatus()).components) {
    process.kill(pid ?? 0, "SIGKILL");
    const named = await until(async () => {
      const { components } = await clusterStatus();
      return components.find((component) => component.name === name)?.state === "dead";
    }, 30_000);
    expect({ name, named }).toEqual({ name, named: true });
  }
  expect((await clusterStatus()).ok).toBe(false);
  await clusterUp({}, silent);
  expect((await clusterStatus()).problems).toEqual([]);
  expect(await probe("on-gvisor", "read", "/data/note")).toBe("kept");
});

test("after every process of the node was killed, up brings the pods and their data back", async () => {
  const before = await podProcessIdentities();
  const pids = (await markedProcesses()).map(({ pid }) => pid);
  await terminate(pids, 0);
  await clusterUp({}, silent);
  expect((await clusterStatus()).problems).toEqual([]);
  await until(async () => {
    const runtimes = await Promise.all(["on-gvisor", "on-runc"].map((name) => probe(name, "kernel").catch(() => "")));
    return runtimes.every((text) => text !== "");
  }, 90_000);
  expect(await probe("on-gvisor", "kernel")).toBe("4.19.0-gvisor");
  expect(await probe("on-runc", "read", "/data/note")).toBe("kept");
  const after = await podProcessIdentities();
  expect(after.filter((identity) => before.includes(identity))).toEqual([]);
});

/** Pid and start time of every process in a pod: the kernel gives a pid again. */
async function podProcessIdentities(): Promise<string[]> {
  const pids = await podProcesses();
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")));
  return pids.map((pid, index) => `${pid} since ${startTicksOf(stats[index] ?? "")}`);
}
