import { closeSync, mkdtempSync, openSync, readdirSync, readlinkSync, rmSync, statSync, writeSync } from "node:fs";
import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type AuditEntry, AuditLog, AuditRecord } from "../../../../runtime/audit/index.ts";
import { registerAuditLog } from "../../../../runtime/front-door/reports/audit-log.ts";
import { Keyring, Roles } from "../../../../runtime/identity/index.ts";
import { bareApp, deploymentKeys, NOW, noLimits, ROLES } from "./admin-fixture.ts";

const who = deploymentKeys({
  auditor: { tenant: null, role: "auditor" },
  bound: { tenant: "marketing", role: "auditor" },
  user: { tenant: "marketing", role: "user" },
});
const directory = mkdtempSync(join(tmpdir(), "front-door-logs-"));
const audited: AuditEntry[] = [];
const { app, audit } = bareApp(audited);
const keyring = new Keyring(who.records, { roles: new Roles(ROLES) });
registerAuditLog(app, { keyring: () => keyring, limiter: noLimits(), audit, now: () => NOW, directory });

const ENTRY: AuditEntry = {
  ...{ kind: "request", tenant: "marketing", principal: "aaaaaaaa", role: "user", action: "agent:chat" },
  ...{ decision: "allow", code: "ok", status: 200, rules: [], agent: null, model: null, provider: null },
  ...{ conversation: null, tokens_in: 1, tokens_out: 2, cost_micro_usd: null, target: null, duration_ms: 3 },
  ...{ trace_id: null, content: null },
};
const MANY = 20_000;
let at = Date.parse("2026-11-20T00:00:00Z");

beforeAll(async () => {
  const now = () => {
    at += 1000;
    return new Date(at);
  };
  const log = await AuditLog.open({ directory, writer: "one", now, notify: () => {} });
  const others: Partial<AuditEntry>[] = [
    { tenant: "engineering" },
    { kind: "admin", action: "key:create", target: "bbbbbbbb" },
    { decision: "deny", code: "permission/denied", status: 403, principal: "cccccccc" },
  ];
  await Promise.all(others.map((other) => log.append({ ...ENTRY, ...other })));
  for (let left = MANY; left > 0; left -= 1000) {
    await Promise.all(Array.from({ length: Math.min(left, 1000) }, () => log.append(ENTRY)));
  }
  await log.close();
});
afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true });
});

const get = (url: string, as = "auditor") => app.inject({ url, headers: who.bearer(as) });
const linesOf = (text: string) => text.split("\n").filter((line) => line !== "");

describe("the pages", () => {
  test.each([
    ["kind=admin", { action: "key:create" }],
    ["action=key:create", { target: "bbbbbbbb" }],
    ["decision=deny", { code: "permission/denied" }],
    ["code=permission%2Fdenied", { status: 403 }],
    ["principal=cccccccc", { decision: "deny" }],
    ["tenant=engineering", { tenant: "engineering" }],
  ])("narrowed by %s hold what it selects and nothing else", async (query, expected) => {
    const { records } = (await get(`/api/audit/logs?${query}`)).json();
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject(expected);
    expect(() => AuditRecord.parse(records[0])).not.toThrow();
  });

  test("follow each other by the cursor without a gap or a repetition", async () => {
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? "" : `&cursor=${cursor}`;
      const page = (await get(`/api/audit/logs?limit=1000&tenant=marketing${more}`)).json();
      seen.push(...page.records.map(({ seq }: { seq: number }) => seq));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect([seen.length, new Set(seen).size]).toEqual([MANY + 2, MANY + 2]);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  test.each([
    "kind=other",
    "decision=maybe",
    "limit=0",
    "limit=1001",
    "cursor=x",
    "from=yesterday",
    "tenant=a&tenant=b",
  ])("refuse the query %s", async (query) => {
    const reply = await get(`/api/audit/logs?${query}`);
    expect([reply.statusCode, reply.json().error.code]).toEqual([400, "request/invalid-query"]);
  });
});

describe("the export", () => {
  test("has every record that is selected, one a line", async () => {
    const reply = await get("/api/audit/export?kind=request&decision=allow&tenant=marketing");
    expect(reply.headers["content-type"]).toBe("application/x-ndjson; charset=utf-8");
    const lines = linesOf(reply.body);
    expect(lines).toHaveLength(MANY);
    expect(AuditRecord.parse(JSON.parse(lines.at(-1) ?? "")).tenant).toBe("marketing");
  });

  test("needs audit:export and stays within the tenant of a bound key", async () => {
    expect((await get("/api/audit/export", "user")).json().error.code).toBe("permission/denied");
    expect((await get("/api/audit/export?tenant=engineering", "bound")).json().error.code).toBe("tenancy/mismatch");
    const tenants = linesOf((await get("/api/audit/export", "bound")).body).map((line) => JSON.parse(line).tenant);
    expect(new Set(tenants)).toEqual(new Set(["marketing"]));
  });

  test("is recorded before its first byte", async () => {
    audited.length = 0;
    await get("/api/audit/export?kind=admin");
    expect(audited).toMatchObject([{ action: "audit:export", code: "ok", status: 200 }]);
  });

  test("reads no faster than its reader takes, and ends with it", async () => {
    await app.listen({ port: 0, host: "127.0.0.1" });
    const sockets: Socket[] = [];
    app.server.on("connection", (socket: Socket) => sockets.push(socket));
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const { port } = app.server.address() as AddressInfo;
      const options = { port, path: "/api/audit/export", headers: who.bearer("auditor") };
      http.get(options, resolve).on("error", reject);
    });
    response.pause();
    let sent = -1;
    while (sent !== sockets[0]?.bytesWritten) {
      sent = sockets[0]?.bytesWritten ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const size = readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
    expect(size).toBeGreaterThan(10_000_000);
    expect(sent).toBeLessThan(size * 0.8);
    const open = () => readdirSync("/proc/self/fd").filter((fd) => linkOf(fd).startsWith(directory)).length;
    expect(open()).toBe(1);
    response.destroy();
    await vi.waitFor(() => expect(open()).toBe(0));
  });

  test("of a damaged log is an error or breaks off, and never looks complete", async () => {
    const path = join(directory, readdirSync(directory).find((name) => name.endsWith(".jsonl")) ?? "");
    const { port } = app.server.address() as AddressInfo;
    const read = () => fetch(`http://127.0.0.1:${port}/api/audit/export`, { headers: who.bearer("auditor") });
    damage(path, Math.floor(statSync(path).size / 2));
    await expect(read().then((response) => response.text())).rejects.toThrow();
    damage(path, 10);
    const response = await read();
    expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
      500,
      "audit/unreadable",
    ]);
  });
});

function damage(path: string, position: number): void {
  const file = openSync(path, "r+");
  writeSync(file, "#".repeat(20), position);
  closeSync(file);
}

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return "";
  }
}
