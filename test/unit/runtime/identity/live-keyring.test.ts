import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  createApiKey,
  KeyRefusal,
  KeyStore,
  type LiveKeyring,
  openKeyring,
  PermissionSet,
} from "../../../../runtime/identity/index.ts";
import type { ApiKeyRecord } from "../../../../runtime/settings/services.ts";
import type { Database } from "../../../../runtime/state/index.ts";
import { emptyState, FaultyDatabase, openState, STARTING_MS, TestClock } from "./fixture.ts";

const roles = [
  { name: "admin", permissions: ["*"] },
  { name: "user", permissions: ["agent:chat", "agent:view"] },
];
const root = { keyId: "rootroot", tenant: null, limits: {}, permissions: new PermissionSet(["*"]), expires: null };
const wanted = { tenant: "marketing", role: "user", label: null, limits: {} };

let state: Database;
let now: Date;
let records: ApiKeyRecord[];
const opened: LiveKeyring[] = [];

beforeAll(async () => {
  state = await openState();
}, STARTING_MS);
afterEach(async () => {
  await Promise.all(opened.splice(0).map((keyring) => keyring.close()));
  await emptyState(state);
});
afterAll(() => state.close());

interface Replica {
  readonly database: FaultyDatabase;
  readonly clock: TestClock;
  readonly keyring: LiveKeyring;
  readonly store: KeyStore;
  readonly notices: string[];
  readonly outcome: (key: string) => string;
}

async function replica(name: string): Promise<Replica> {
  const database = new FaultyDatabase(state);
  const clock = new TestClock();
  const notices: string[] = [];
  const keyring = await openKeyring({
    database,
    file: { current: () => records },
    roles,
    replica: name,
    nowMs: clock.nowMs,
    notify: ({ message }) => notices.push(message),
    intervalMs: 1_000_000,
  });
  opened.push(keyring);
  const store = new KeyStore({ database, keyring, roles, now: () => now, nowMs: clock.nowMs, sleep: clock.sleep });
  const outcome = (key: string): string => {
    const { principal, failure } = keyring.current().authenticate(`Bearer ${key}`, now);
    return failure ?? principal.role;
  };
  return { database, clock, keyring, store, notices, outcome };
}

async function fleet(...names: string[]): Promise<[Replica, Replica]> {
  now = new Date("2026-11-23T12:00:00Z");
  records = [];
  const [first, second] = await Promise.all(names.map(replica));
  if (first === undefined || second === undefined) throw new Error("two replicas were asked for");
  return [first, second];
}

describe("keys of the database", () => {
  test("a new key is accepted by every replica when its creation has been answered", async () => {
    const [a, b] = await fleet("a", "b");
    const { key, effective } = await a.store.create(root, wanted);
    expect([effective, a.outcome(key), b.outcome(key)]).toEqual(["now", "user", "user"]);
  });

  test("a revoked key is refused by every replica when its revocation has been answered", async () => {
    const [a, b] = await fleet("a", "b");
    const { key, view } = await a.store.create(root, wanted);
    const { effective, view: revoked } = await b.store.revoke(root, view.id);
    expect([effective, revoked.status]).toEqual(["now", "revoked"]);
    expect([a.outcome(key), b.outcome(key)]).toEqual(["identity/revoked-key", "identity/revoked-key"]);
  });

  test("a revocation holds whatever a replica's clock says", async () => {
    const [a, b] = await fleet("a", "b");
    const { key, view } = await a.store.create(root, wanted);
    await a.store.revoke(root, view.id);
    now = new Date("2020-01-01T00:00:00Z");
    expect(b.outcome(key)).toBe("identity/revoked-key");
  });

  test("a replica that has not confirmed a change is named as missing, and the change is stored", async () => {
    const [a, b] = await fleet("a", "b");
    const { key, view } = await a.store.create(root, wanted);
    b.database.deaf = true;
    const answer = await a.store.revoke(root, view.id);
    expect(answer).toMatchObject({ effective: "pending", replicasMissing: 1 });
    await b.keyring.check();
    expect(b.outcome(key)).toBe("identity/revoked-key");
    expect(await a.store.revoke(root, view.id)).toMatchObject({ effective: "pending" });
  });

  test("a replica that was not seen for 15 s is not waited for", async () => {
    const [a, b] = await fleet("a", "b");
    b.database.deaf = true;
    await state.query("update replicas set seen = now() - interval '16 seconds' where name = 'b'");
    expect((await a.store.create(root, wanted)).effective).toBe("now");
  });

  test("a replica that stopped is not waited for", async () => {
    const [a, b] = await fleet("a", "b");
    await b.keyring.close();
    expect((await a.store.create(root, wanted)).effective).toBe("now");
  });

  test("a replica that starts later has all keys and revocations", async () => {
    const [a] = await fleet("a", "b");
    const kept = await a.store.create(root, wanted);
    const gone = await a.store.create(root, wanted);
    await a.store.revoke(root, gone.view.id);
    const late = await replica("late");
    expect([late.outcome(kept.key), late.outcome(gone.key)]).toEqual(["user", "identity/revoked-key"]);
  });

  test("a database that was restored from before a change is read anew", async () => {
    const [a] = await fleet("a", "b");
    const { key, view } = await a.store.create(root, wanted);
    await state.query("delete from api_keys where id = $1", [view.id]);
    await state.query("update key_version set version = version - 1");
    await a.keyring.check();
    expect(a.outcome(key)).toBe("identity/unknown-key");
  });
});

describe("keys of the deployment's file", () => {
  const made = () => createApiKey({ tenant: "marketing", role: "user", now, expires: null });

  test("follow the file, and a revocation wins over the file on every replica", async () => {
    const [a, b] = await fleet("a", "b");
    const { key, record } = made();
    expect(a.outcome(key)).toBe("identity/unknown-key");
    records = [record];
    expect([a.outcome(key), b.outcome(key)]).toEqual(["user", "user"]);
    expect((await a.store.revoke(root, record.id)).effective).toBe("now");
    records = [record];
    expect([a.outcome(key), b.outcome(key)]).toEqual(["identity/revoked-key", "identity/revoked-key"]);
  });

  test("can be rotated: the new key is the database's and has the same rights", async () => {
    const [a, b] = await fleet("a", "b");
    const { key, record } = made();
    records = [{ ...record, limits: { requests_per_minute: 7 } }];
    const rotated = await a.store.rotate(root, record.id, 0);
    expect(rotated.view).toMatchObject({ source: "api", replaces: record.id, limits: { requests_per_minute: 7 } });
    expect([b.outcome(key), b.outcome(rotated.key)]).toEqual(["identity/revoked-key", "user"]);
  });

  test("are listed beside those of the database, without a hash or a secret", async () => {
    const [a] = await fleet("a", "b");
    const { record } = made();
    records = [record];
    const { key, view } = await a.store.create(root, wanted);
    const list = await a.store.list("marketing");
    expect(list.map(({ id, source }) => [id, source]).sort()).toEqual(
      [
        [record.id, "deployment"],
        [view.id, "api"],
      ].sort(),
    );
    expect(JSON.stringify(list)).not.toMatch(new RegExp(`${record.sha256}|${key.slice(12)}`));
    expect(await a.store.list("engineering")).toEqual([]);
  });
});

describe("rotation", () => {
  test("leaves the old key valid for the overlap and not longer", async () => {
    const [a, b] = await fleet("a", "b");
    const old = await a.store.create(root, wanted);
    const rotated = await a.store.rotate(root, old.view.id, 60);
    expect(rotated.replaced).toMatchObject({ status: "replaced", accepted_until: "2026-11-23T12:01:00.000Z" });
    expect([b.outcome(old.key), b.outcome(rotated.key)]).toEqual(["user", "user"]);
    now = new Date("2026-11-23T12:01:00Z");
    expect([b.outcome(old.key), b.outcome(rotated.key)]).toEqual(["identity/revoked-key", "user"]);
  });

  test("does not make a key live longer than the one that it replaces", async () => {
    const [a] = await fleet("a", "b");
    const old = await a.store.create(root, { ...wanted, expiresInDays: 1 });
    expect((await a.store.rotate(root, old.view.id, 0)).view.expires).toBe(old.view.expires);
  });

  test("of a key that was rotated, revoked or has expired is refused", async () => {
    const [a] = await fleet("a", "b");
    const [rotated, revoked, expired] = await Promise.all(
      [1, 2, 3].map(() => a.store.create(root, { ...wanted, expiresInDays: 1 })),
    );
    await a.store.rotate(root, rotated?.view.id ?? "", 3600);
    await a.store.revoke(root, revoked?.view.id ?? "");
    await expect(a.store.rotate(root, rotated?.view.id ?? "", 0)).rejects.toThrow(KeyRefusal);
    await expect(a.store.rotate(root, revoked?.view.id ?? "", 0)).rejects.toThrow(KeyRefusal);
    now = new Date("2026-11-25T12:00:00Z");
    await expect(a.store.rotate(root, expired?.view.id ?? "", 0)).rejects.toThrow("key/not-found");
  });

  test("revoking a key in its overlap ends the overlap", async () => {
    const [a, b] = await fleet("a", "b");
    const old = await a.store.create(root, wanted);
    await a.store.rotate(root, old.view.id, 3600);
    await a.store.revoke(root, old.view.id);
    expect(b.outcome(old.key)).toBe("identity/revoked-key");
  });

  test("twice at the same time makes one key", async () => {
    const [a, b] = await fleet("a", "b");
    const old = await a.store.create(root, wanted);
    const both = await Promise.allSettled([a, b].map(({ store }) => store.rotate(root, old.view.id, 0)));
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("when the database cannot be asked", () => {
  test("every key is refused after 10 s, those of the file included, and accepted again when it is back", async () => {
    const [a] = await fleet("a", "b");
    const { key, record } = createApiKey({ tenant: null, role: "admin", now, expires: null });
    records = [record];
    a.database.reachable = false;
    a.clock.ms += 10_000;
    await a.keyring.check();
    expect([a.keyring.fresh(), a.outcome(key)]).toEqual([true, "admin"]);
    a.clock.ms += 1;
    await a.keyring.check();
    expect([a.keyring.fresh(), a.outcome(key)]).toEqual([false, "identity/unavailable"]);
    a.database.reachable = true;
    await a.keyring.check();
    expect([a.keyring.fresh(), a.outcome(key)]).toEqual([true, "admin"]);
    expect(a.notices).toEqual(["the keys cannot be confirmed", "the keys are confirmed again"]);
  });

  test("a replica that was cut off learns what it missed before it accepts a key again", async () => {
    const [a, b] = await fleet("a", "b");
    const { key, view } = await a.store.create(root, wanted);
    b.database.reachable = false;
    b.database.lose();
    await a.store.revoke(root, view.id);
    b.clock.ms += 10_001;
    expect(b.outcome(key)).toBe("identity/unavailable");
    b.database.reachable = true;
    b.database.find();
    await b.keyring.check();
    expect(b.outcome(key)).toBe("identity/revoked-key");
  });

  test("a revocation that falls between two steps of a replica's return is never answered as effective while it accepts the key", async () => {
    const [a, b] = await fleet("a", "b");
    for (let step = 0; step < 4; step++) {
      const { key, view } = await a.store.create(root, wanted);
      await state.query("update replicas set seen = now() - interval '16 seconds' where name = 'b'");
      b.database.deaf = true;
      let at = 0;
      let effective = "not asked";
      b.database.afterQuery = async () => {
        at += 1;
        if (at === step + 1) effective = (await a.store.revoke(root, view.id)).effective;
      };
      await b.keyring.check();
      b.database.afterQuery = async () => {};
      expect([step, effective, b.outcome(key)]).not.toEqual([step, "now", "user"]);
      b.database.deaf = false;
      await b.keyring.check();
    }
  });

  test("nothing is listed, made or revoked", async () => {
    const [a] = await fleet("a", "b");
    a.database.reachable = false;
    a.clock.ms += 10_001;
    await expect(a.store.list(undefined)).rejects.toThrow("could not be confirmed");
    await expect(a.store.create(root, wanted)).rejects.toThrow("connection refused");
  });

  test("at the start, the keyring does not open", async () => {
    const database = new FaultyDatabase(state);
    database.reachable = false;
    const options = { file: { current: () => [] }, roles, replica: "x", nowMs: () => 0, notify: () => {} };
    await expect(openKeyring({ ...options, database })).rejects.toThrow("connection refused");
  });
});
