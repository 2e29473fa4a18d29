import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import type empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ENGINE_BIN } from "../../tools/engine/engine.ts";
import { type Plugin, startPlugin } from "../support/child.ts";
import { ask } from "../support/grpc.ts";

const SECRET = "s3cret-value-of-the-test";
const TYPE = "breakwater:index:SecretFiles";
const INPUTS = { namespace: "tenant-a", name: "cell", files: { token: "a/token" } };

let folder: string;
let api: Server;
let provider: Plugin;
let client: providerService.ResourceProviderClient;
let seen: { method: string; url: string; type: string; body: string }[] = [];
/** What the recording API server answers next; the tests prove what we send, the cluster tests what Kubernetes makes of it. */
let answer: { code: number; body: object } = { code: 200, body: {} };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "provider-"));
  await writeFile(join(folder, "token"), SECRET, { mode: 0o600 });
  await writeFile(join(folder, "other"), "another", { mode: 0o600 });
  await writeFile(join(folder, "empty"), "");
  await symlink("/etc/hostname", join(folder, "link"));
  api = createServer((request, response) => {
    void record(request).then(() => {
      response.writeHead(answer.code, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, kubeconfigFor((api.address() as AddressInfo).port));
  provider = await startPlugin(join(ENGINE_BIN, "pulumi-resource-breakwater"), ["127.0.0.1:1"], {
    env: { BREAKWATER_SECRETS: folder, PULUMI_CONFIG_PASSPHRASE: "passphrase", KUBECONFIG: kubeconfig },
  });
  client = connect(provider);
});

beforeEach(() => {
  seen = [];
  answer = { code: 200, body: {} };
});

afterAll(async () => {
  client.close();
  await provider.close();
  expect(provider.output()).not.toContain(SECRET);
  api.close();
  await rm(folder, { recursive: true });
});

async function record(request: IncomingMessage): Promise<void> {
  let body = "";
  for await (const bytes of request) body += String(bytes);
  seen.push({
    method: request.method ?? "",
    url: request.url ?? "",
    type: request.headers["content-type"] ?? "",
    body,
  });
}

function kubeconfigFor(port: number): string {
  const cluster = { name: "test", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } };
  const context = { name: "test", context: { cluster: "test", user: "test" } };
  const users = [{ name: "test", user: {} }];
  return JSON.stringify({ "current-context": "test", clusters: [cluster], contexts: [context], users });
}

function connect(plugin: Plugin): providerService.ResourceProviderClient {
  return new providerService.ResourceProviderClient(plugin.address, grpc.credentials.createInsecure());
}

type Props = Readonly<Record<string, unknown>>;

function toStruct(props: Props): struct.Struct {
  return struct.Struct.fromJavaScript(props as Parameters<typeof struct.Struct.fromJavaScript>[0]);
}

async function check(props: Props, on = client): Promise<{ inputs: Props; failures: readonly string[] }> {
  const request = new proto.CheckRequest().setType(TYPE).setNews(toStruct(props));
  const response = await ask<proto.CheckRequest, proto.CheckResponse>(on, on.check, request);
  return {
    inputs: response.getInputs()?.toJavaScript() ?? {},
    failures: response.getFailuresList().map((failure) => failure.getReason()),
  };
}

async function checked(files: Readonly<Record<string, string>> = { token: "token" }): Promise<Props> {
  const { inputs, failures } = await check({ ...INPUTS, files });
  expect(failures).toEqual([]);
  return inputs;
}

async function diff(olds: Props, news: Props): Promise<{ changes: number; replaces: string[]; deleteFirst: boolean }> {
  const request = new proto.DiffRequest().setType(TYPE).setOlds(toStruct(olds)).setNews(toStruct(news));
  const response = await ask<proto.DiffRequest, proto.DiffResponse>(client, client.diff, request);
  return {
    changes: response.getChanges(),
    replaces: response.getReplacesList(),
    deleteFirst: response.getDeletebeforereplace(),
  };
}

function create(props: Props, preview: boolean): Promise<proto.CreateResponse> {
  const request = new proto.CreateRequest().setType(TYPE).setProperties(toStruct(props)).setPreview(preview);
  return ask<proto.CreateRequest, proto.CreateResponse>(client, client.create, request);
}

test("check adds a fingerprint and nothing of the content", async () => {
  const inputs = await checked();
  expect(inputs).toEqual({
    ...INPUTS,
    files: { token: "token" },
    fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});

test("all missing files are named at once", async () => {
  const { failures } = await check({ ...INPUTS, files: { a: "gone/a", token: "token", b: "gone/b" } });
  expect(failures.map((line) => line.split(":")[0])).toEqual([
    "[secrets/missing-file] files[a]",
    "[secrets/missing-file] files[b]",
  ]);
});

test("a path or a link that leaves the secrets folder is refused", async () => {
  for (const path of ["../token", "/etc/hostname", "a/../../token", "link"]) {
    const { failures } = await check({ ...INPUTS, files: { token: path } });
    expect(failures.map((line) => line.split(" ")[0])).toEqual(["[secrets/outside]"]);
  }
});

test("an empty file is refused", async () => {
  const { failures } = await check({ ...INPUTS, files: { token: "empty" } });
  expect(failures.map((line) => line.split(" ")[0])).toEqual(["[secrets/empty-file]"]);
});

test("without BREAKWATER_SECRETS a preview fails and says what to set", async () => {
  const bare = await startPlugin(join(ENGINE_BIN, "pulumi-resource-breakwater"), [], {
    env: { BREAKWATER_SECRETS: "" },
  });
  const other = connect(bare);
  const { failures } = await check(INPUTS, other);
  other.close();
  await bare.close();
  expect(failures.map((line) => line.split(":")[0])).toEqual(["[secrets/no-folder] BREAKWATER_SECRETS"]);
});

test("a name that only `up` will know passes the check", async () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const { failures } = await check({ ...INPUTS, namespace: unknown, files: { token: "token" } });
  expect(failures).toEqual([]);
});

test("changed content is an update, a changed place a replacement that deletes first", async () => {
  const before = await checked();
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  expect(await diff(before, before)).toEqual({ changes: DIFF_NONE, replaces: [], deleteFirst: false });
  expect(await diff(before, await checked({ token: "other" }))).toEqual({
    changes: DIFF_SOME,
    replaces: [],
    deleteFirst: false,
  });
  expect(await diff(before, { ...before, namespace: "b", name: "c" })).toEqual({
    changes: DIFF_SOME,
    replaces: ["namespace", "name"],
    deleteFirst: true,
  });
});

test("a preview talks to no cluster", async () => {
  const response = await create(await checked(), true);
  expect(response.getId()).toBe("");
  expect(seen).toEqual([]);
});

test("create applies the Secret straight from the files, and its answer holds none of it", async () => {
  const inputs = await checked();
  const response = await create(inputs, false);
  expect(response.getProperties()?.toJavaScript()).toEqual(inputs);
  expect(seen.map(({ method, url, type }) => `${method} ${url} ${type}`)).toEqual([
    "PATCH /api/v1/namespaces/tenant-a/secrets/cell?fieldManager=breakwater&force=false application/apply-patch+yaml",
  ]);
  expect(JSON.parse(seen[0]?.body ?? "")).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { namespace: "tenant-a", name: "cell", labels: { "app.kubernetes.io/managed-by": "breakwater" } },
    type: "Opaque",
    data: { token: Buffer.from(SECRET).toString("base64") },
  });
});

test("an error of the API server that quotes the secret is reported without it", async () => {
  const inputs = await checked();
  answer = { code: 403, body: { message: `forbidden: ${SECRET} ${Buffer.from(SECRET).toString("base64")}` } };
  const error = await create(inputs, false).then(
    () => "created",
    (reason: Error) => reason.message,
  );
  expect(error).toContain("[secrets/cluster] secret tenant-a/cell: got HTTP 403 (forbidden, or over quota)");
  expect(error).not.toContain(SECRET);
  expect(error).not.toContain(Buffer.from(SECRET).toString("base64"));
});

test("read sees that somebody changed the Secret, and that it is gone", async () => {
  const inputs = await checked();
  const request = new proto.ReadRequest().setId("tenant-a/cell").setType(TYPE).setProperties(toStruct(inputs));
  const read = () => ask<proto.ReadRequest, proto.ReadResponse>(client, client.read, request);
  answer = { code: 200, body: { data: { token: Buffer.from(SECRET).toString("base64") } } };
  expect((await read()).getProperties()?.toJavaScript()).toEqual(inputs);
  answer = { code: 200, body: { data: { token: Buffer.from("tampered").toString("base64") } } };
  expect((await read()).getProperties()?.toJavaScript()["fingerprint"]).not.toBe(inputs["fingerprint"]);
  answer = { code: 404, body: {} };
  expect((await read()).getId()).toBe("");
});

test("deleting what is already gone succeeds", async () => {
  answer = { code: 404, body: {} };
  const request = new proto.DeleteRequest().setType(TYPE).setProperties(toStruct(await checked()));
  await ask<proto.DeleteRequest, empty.Empty>(client, client.delete, request);
  expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "DELETE /api/v1/namespaces/tenant-a/secrets/cell",
  ]);
});

test("files that changed between check and apply are refused, and nothing is sent", async () => {
  const inputs = { ...(await checked()), fingerprint: "0".repeat(32) };
  const error = await create(inputs, false).then(
    () => "created",
    (reason: Error) => reason.message,
  );
  expect(error).toContain("[secrets/changed] tenant-a/cell");
  expect(seen).toEqual([]);
});
