/** A class of Kubernetes objects, wherever it was imported from. */
type Kind<Options> = new (name: string, args: object, opts: Options) => unknown;

/** What {@link makeTenants} makes its resources of. */
export interface Kinds<Options> {
  readonly Namespace: Kind<Options>;
  readonly NetworkPolicy: Kind<Options>;
  readonly ConfigMap: Kind<Options>;
  readonly Service: Kind<Options>;
  readonly Deployment: Kind<Options>;
  /** A component, with the options of its children. */
  readonly component: (name: string) => Options;
}

const SERVERS_PER_TENANT = 7;

/** Resources of one tenant: its component, namespace, wall, and three for each server. */
const PER_TENANT = 3 + 3 * SERVERS_PER_TENANT;

/**
 * The same program for every way of importing: tenants of a size and a mix as ours are, `resources` in all.
 *
 * @returns how many resources were made.
 */
export function makeTenants<Options>(kinds: Kinds<Options>, resources: number): number {
  const tenants = Math.ceil(resources / PER_TENANT);
  for (let number = 0; number < tenants; number += 1) makeTenant(kinds, `tenant-${number}`);
  return tenants * PER_TENANT;
}

function makeTenant<Options>(kinds: Kinds<Options>, namespace: string): void {
  const opts = kinds.component(namespace);
  new kinds.Namespace(
    namespace,
    { metadata: { name: namespace, labels: { "breakwater.dev/tenant": namespace } } },
    opts,
  );
  new kinds.NetworkPolicy(
    namespace,
    { metadata: { name: "default-deny", namespace }, spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
    opts,
  );
  for (let number = 0; number < SERVERS_PER_TENANT; number += 1) makeServer(kinds, namespace, `server-${number}`, opts);
}

function makeServer<Options>(kinds: Kinds<Options>, namespace: string, server: string, opts: Options): void {
  const name = `${namespace}-${server}`;
  const labels = { "app.kubernetes.io/component": server, "breakwater.dev/tenant": namespace };
  const metadata = { name: server, namespace, labels };
  new kinds.ConfigMap(
    name,
    { metadata, data: { "settings.json": JSON.stringify({ port: 8080, tenant: namespace }) } },
    opts,
  );
  new kinds.Service(name, { metadata, spec: { selector: labels, ports: [{ name: "http", port: 8080 }] } }, opts);
  const container = {
    name: server,
    image: "registry.example.com/server@sha256:0123456789abcdef",
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "1", memory: "256Mi" } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    volumeMounts: [{ name: "settings", mountPath: "/etc/server", readOnly: true }],
  };
  const pod = { containers: [container], volumes: [{ name: "settings", configMap: { name: server } }] };
  const template = { metadata: { labels }, spec: pod };
  new kinds.Deployment(name, { metadata, spec: { replicas: 2, selector: { matchLabels: labels }, template } }, opts);
}

/** Prints what a number of resources cost, as JSON on one line. */
export async function measured(make: (resources: number) => Promise<number>): Promise<void> {
  const wanted = Number(process.argv[2] ?? "0");
  const before = process.memoryUsage.rss();
  const started = performance.now();
  const resources = wanted === 0 ? 0 : await make(wanted);
  const seconds = (performance.now() - started) / 1000;
  const bytes = process.memoryUsage.rss() - before;
  process.stdout.write(`${JSON.stringify({ resources, seconds, bytes })}\n`);
}
