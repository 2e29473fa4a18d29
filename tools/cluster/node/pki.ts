import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { mustRun } from "./command.ts";
import { network, nodeName, paths, ports } from "./layout.ts";

/** One certificate of the node's own authority. */
export interface CertificateRequest {
  readonly name: string;
  /** In openssl's form. Kubernetes reads user and groups from CN and O. */
  readonly subject: string;
  readonly alternativeNames: readonly string[];
  readonly usage: "clientAuth" | "serverAuth";
  /** Whether it talks to the API server, which takes a kubeconfig. */
  readonly kubeconfig: boolean;
}

function user(name: string, subject: string): CertificateRequest {
  return { name, subject, alternativeNames: [], usage: "clientAuth", kubeconfig: true };
}

/** Who exists on this node; nobody but `admin` is in system:masters. */
export const certificateRequests: readonly CertificateRequest[] = [
  {
    name: "kube-apiserver",
    subject: "/CN=kube-apiserver",
    alternativeNames: [
      "DNS:localhost",
      "DNS:kubernetes",
      "DNS:kubernetes.default",
      "DNS:kubernetes.default.svc",
      "DNS:kubernetes.default.svc.cluster.local",
      "IP:127.0.0.1",
      `IP:${network.apiServiceAddress}`,
      `IP:${network.nodeAddress}`,
    ],
    usage: "serverAuth",
    kubeconfig: false,
  },
  {
    name: "kubelet-server",
    subject: `/O=system:nodes/CN=system:node:${nodeName}`,
    alternativeNames: [`DNS:${nodeName}`, `IP:${network.nodeAddress}`],
    usage: "serverAuth",
    kubeconfig: false,
  },
  { ...user("kubelet-client", "/CN=breakwater:kubelet-client"), kubeconfig: false },
  user("admin", "/O=system:masters/CN=admin"),
  user("kube-controller-manager", "/CN=system:kube-controller-manager"),
  user("kube-scheduler", "/CN=system:kube-scheduler"),
  user("kubelet", `/O=system:nodes/CN=system:node:${nodeName}`),
  user("kube-proxy", "/CN=system:kube-proxy"),
  user("kube-router", "/CN=breakwater:kube-router"),
  user("provisioner", "/CN=breakwater:provisioner"),
];

const renewWithinDays = 30;

/** Whether a certificate must be issued again: unreadable, wrong key or issuer, another request, or about to expire. */
export function mustRenew(
  current: { readonly certificate: string; readonly key: string; readonly authority: string; readonly request: string },
  request: CertificateRequest,
  nowMs: number,
): boolean {
  if (current.request !== requestHash(request)) return true;
  const certificate = new X509Certificate(current.certificate);
  const authority = new X509Certificate(current.authority);
  return (
    expiresSoon(certificate, nowMs) ||
    !certificate.checkPrivateKey(createPrivateKey(current.key)) ||
    !certificate.verify(authority.publicKey)
  );
}

function expiresSoon(certificate: X509Certificate, nowMs: number): boolean {
  return Date.parse(certificate.validTo) - nowMs < renewWithinDays * 24 * 60 * 60 * 1000;
}

export function requestHash(request: CertificateRequest): string {
  return createHash("sha256").update(JSON.stringify(request)).digest("hex");
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

/** An empty configuration of openssl's: the system's own would add the extensions of an authority to every certificate. */
const opensslConfig = "[req]\ndistinguished_name=dn\n[dn]\n";

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"] as const;

/** Issues what is missing or about to expire, then writes one kubeconfig for each user. Every file is mode 0600. */
export async function ensurePki(nowMs: number): Promise<void> {
  await mkdir(paths.pki(""), { recursive: true, mode: 0o700 });
  await writeFile(paths.pki("openssl.cnf"), opensslConfig, { mode: 0o600 });
  await ensureAuthority(nowMs);
  await ensureServiceAccountKey();
  await Promise.all(certificateRequests.map((request) => ensureCertificate(request, nowMs)));
  const authority = await readFile(paths.pki("ca.crt"));
  for (const { name, kubeconfig } of certificateRequests) if (kubeconfig) await writeKubeconfig(name, authority);
}

async function ensureAuthority(nowMs: number): Promise<void> {
  const current = await readIfThere(paths.pki("ca.crt"));
  if (current !== undefined && !expiresSoon(new X509Certificate(current), nowMs)) return;
  const [key, certificate] = [paths.pki("ca.key.partial"), paths.pki("ca.crt.partial")];
  await mustRun([
    ...["openssl", "req", "-config", paths.pki("openssl.cnf"), "-x509", ...newKey],
    ...["-keyout", key, "-out", certificate, "-days", "3650", "-subj", "/CN=breakwater-node-ca"],
    ...["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"],
  ]);
  await rename(key, paths.pki("ca.key"));
  await rename(certificate, paths.pki("ca.crt"));
}

async function ensureServiceAccountKey(): Promise<void> {
  if ((await readIfThere(paths.pki("service-account.pub"))) !== undefined) return;
  const [key, publicKey] = [paths.pki("service-account.key"), paths.pki("service-account.pub")];
  await mustRun(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-out", key]);
  await mustRun(["openssl", "pkey", "-in", key, "-pubout", "-out", `${publicKey}.partial`]);
  await rename(`${publicKey}.partial`, publicKey);
}

async function ensureCertificate(request: CertificateRequest, nowMs: number): Promise<void> {
  const file = (suffix: string): string => paths.pki(`${request.name}.${suffix}`);
  const [certificate, key, hash, authority] = await Promise.all([
    readIfThere(file("crt")),
    readIfThere(file("key")),
    readIfThere(file("request")),
    readFile(paths.pki("ca.crt"), "utf8"),
  ]);
  if (certificate !== undefined && key !== undefined && hash !== undefined) {
    if (!mustRenew({ certificate, key, authority, request: hash }, request, nowMs)) return;
  }
  const names = request.alternativeNames.length === 0 ? [] : [`subjectAltName=${request.alternativeNames.join(",")}`];
  const extensions = [`extendedKeyUsage=${request.usage}`, "basicConstraints=critical,CA:FALSE", ...names];
  await mustRun([
    ...["openssl", "req", "-config", paths.pki("openssl.cnf"), "-x509", ...newKey],
    ...["-keyout", file("key.partial"), "-out", file("crt.partial"), "-days", "365", "-subj", request.subject],
    ...["-CA", paths.pki("ca.crt"), "-CAkey", paths.pki("ca.key")],
    ...extensions.flatMap((extension) => ["-addext", extension]),
  ]);
  await rename(file("key.partial"), file("key"));
  await rename(file("crt.partial"), file("crt"));
  await writeFile(file("request"), requestHash(request), { mode: 0o600 });
}

/** A kubeconfig is YAML, and JSON is YAML: this way everyone reads it without a YAML library. */
async function writeKubeconfig(name: string, authority: Buffer): Promise<void> {
  const base64 = async (suffix: string): Promise<string> =>
    (await readFile(paths.pki(`${name}.${suffix}`))).toString("base64");
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "breakwater",
        cluster: {
          server: `https://${network.nodeAddress}:${ports.apiServer}`,
          "certificate-authority-data": authority.toString("base64"),
        },
      },
    ],
    users: [
      {
        name,
        user: { "client-certificate-data": await base64("crt"), "client-key-data": await base64("key") },
      },
    ],
    contexts: [{ name: "breakwater", context: { cluster: "breakwater", user: name } }],
    "current-context": "breakwater",
  };
  const partial = `${paths.kubeconfig(name)}.partial`;
  await rm(partial, { force: true });
  await writeFile(partial, `${JSON.stringify(kubeconfig, null, 2)}\n`, { mode: 0o600 });
  await rename(partial, paths.kubeconfig(name));
}
