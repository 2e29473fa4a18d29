import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { type Effective, KeyRefusal, type KeyStore, KeyView, type Maker } from "../../identity/index.ts";
import { belowReplicas } from "../../limits/index.ts";
import { Limits } from "../../settings/services.ts";
import { quote, Refusal, refusal } from "../errors.ts";
import { parseBody, parseQuery } from "../http/input.ts";
import { authenticate } from "./authenticate.ts";
import { type GuardDeps, guard, header } from "./guard.ts";
import { resolveAuditedTenant } from "./tenancy.ts";

export interface KeysDeps extends GuardDeps {
  readonly keys: KeyStore;
  readonly served: ReadonlySet<string>;
  /** How many front doors share the limits. */
  readonly replicas: number;
}

const MAX_DAYS = 3650;
const MAX_OVERLAP_SECONDS = 30 * 86_400;
const KEY_ID = /^[a-z0-9]{8}$/;

/** Body of `POST /api/keys`. */
export const KeyCreation = z.strictObject({
  tenant: z.string().max(63).nullable().meta({ description: "Tenant that the key is bound to; null: none." }),
  role: z.string().max(63).meta({ description: "A role of the settings, no wider than your own." }),
  label: z.string().min(1).max(200).nullish().meta({ description: "For people: whose key it is." }),
  expires_in_days: z
    .number()
    .int()
    .min(1)
    .max(MAX_DAYS)
    .optional()
    .meta({ description: "Left out: when your own key does." }),
  limits: Limits.optional().meta({ description: "No wider than your own; what is left out is your own." }),
});

/** Body of `POST /api/keys/{id}/rotate`. */
export const KeyRotation = z.strictObject({
  overlap_seconds: z
    .number()
    .int()
    .min(0)
    .max(MAX_OVERLAP_SECONDS)
    .default(0)
    .meta({ description: "How long the old key is accepted beside the new one." }),
});

/** Query of `GET /api/keys`. */
export const KeyQuery = z.object({ tenant: z.string().min(1).max(63).optional() });

/** Whether every replica of the front door works with a change. */
export const Effectiveness = z.object({
  effective: z.enum(["now", "pending"]).meta({ description: "`pending`: stored, and not confirmed by every replica." }),
  replicas_missing: z.number().int().optional().meta({ description: "How many replicas have not confirmed it." }),
});

/** What a new key is answered with: the only time that anybody sees it. */
export const NewKey = Effectiveness.extend({
  key: z.string().meta({ description: "The key itself. It is shown once and stored nowhere." }),
  record: KeyView,
});
export const RotatedKey = NewKey.extend({ replaced: KeyView });
export const RevokedKey = Effectiveness.extend({ record: KeyView });
export const KeyList = z.object({ tenant: z.string().nullable(), keys: z.array(KeyView) });

/** `/api/keys`: keys are made, seen, rotated and revoked, by nobody beyond their own rights. */
export function registerKeys(app: FastifyInstance, deps: KeysDeps): void {
  const { keys } = deps;
  app.post("/api/keys", {
    onRequest: (request) => guardKeys(request, "key:create", deps),
    handler: async (request, reply) => {
      const { tenant, role, label = null, expires_in_days, limits = {} } = parseBody(KeyCreation, request.body);
      const maker = makerOf(request, deps);
      if (tenant !== null && maker.tenant === null && !deps.served.has(tenant)) {
        throw refusal("tenancy/unknown", quote(tenant), { path: "tenant" });
      }
      requireShares(limits, deps.replicas);
      const days = expires_in_days === undefined ? {} : { expiresInDays: expires_in_days };
      const { key, view, ...effect } = await changed(() =>
        keys.create(maker, { tenant, role, label, limits, ...days }),
      );
      note(request, view);
      return reply.code(201).send({ key, record: view, ...effectOf(effect) } satisfies z.input<typeof NewKey>);
    },
  });
  app.get("/api/keys", {
    onRequest: (request) => guardKeys(request, "key:view", deps, tenantIn(request.query)),
    handler: async (request) => {
      parseQuery(KeyQuery, request.query, "send `?tenant=<id>` or nothing");
      const { tenant } = request.trail;
      return { tenant, keys: [...(await changed(() => keys.list(tenant ?? undefined)))] } satisfies z.input<
        typeof KeyList
      >;
    },
  });
  app.post<{ Params: { id: string } }>("/api/keys/:id/rotate", {
    onRequest: (request) => guardKeys(request, "key:rotate", deps),
    handler: async (request, reply) => {
      const id = idOf(request);
      const { overlap_seconds } = parseBody(KeyRotation, request.body ?? {});
      const { key, view, replaced, ...effect } = await changed(() =>
        keys.rotate(makerOf(request, deps), id, overlap_seconds),
      );
      note(request, replaced);
      return reply
        .code(201)
        .send({ key, record: view, replaced, ...effectOf(effect) } satisfies z.input<typeof RotatedKey>);
    },
  });
  app.delete<{ Params: { id: string } }>("/api/keys/:id", {
    onRequest: (request) => guardKeys(request, "key:revoke", deps),
    handler: async (request) => {
      const id = idOf(request);
      const { view, ...effect } = await changed(() => keys.revoke(makerOf(request, deps), id));
      note(request, view);
      return { record: view, ...effectOf(effect) } satisfies z.input<typeof RevokedKey>;
    },
  });
}

/** The guard of a route over keys: a bound key acts within its tenant, an unbound one everywhere or where it says. */
function guardKeys(
  request: FastifyRequest,
  needed: "key:create" | "key:view" | "key:rotate" | "key:revoke",
  deps: GuardDeps,
  tenant?: string,
): Promise<void> {
  const named = header(request, "x-tenant-id");
  return guard(request, needed, (principal) => resolveAuditedTenant(principal, named, tenant), deps);
}

/**
 * Who asks, with its tenant narrowed to the one that the request names. Looked up again: the guard ran before the body,
 * and a key that was revoked while its body was still coming must not make another.
 */
function makerOf({ headers, trail }: FastifyRequest, { keyring, now }: GuardDeps): Maker {
  return { ...authenticate(keyring(), headers.authorization, now()), tenant: trail.tenant };
}

function idOf({ params, trail }: FastifyRequest<{ Params: { id: string } }>): string {
  if (!KEY_ID.test(params.id)) throw refusal("key/not-found", quote(params.id));
  trail.target = params.id;
  return params.id;
}

/** Refuses a limit of which a replica's share is nothing: the key would never be let through. */
function requireShares(limits: Limits, replicas: number): void {
  const name = belowReplicas(limits, replicas);
  if (name === undefined) return;
  const problem = {
    code: "admin/invalid-body",
    path: `limits.${name}`,
    got: String(limits[name]),
    expected: `at least ${replicas}, the number of replicas, because each grants its share`,
    remedy: "raise it",
  } as const;
  throw new Refusal("admin/invalid-body", [problem]);
}

/** An act is recorded with the key that it was about and under that key's tenant. */
function note({ trail }: FastifyRequest, view: KeyView): void {
  trail.target = view.id;
  trail.tenant = view.tenant;
}

function tenantIn(query: unknown): string | undefined {
  return parseQuery(KeyQuery, query, "send `?tenant=<id>` or nothing").tenant;
}

function effectOf({ effective, replicasMissing }: Effective): z.input<typeof Effectiveness> {
  return replicasMissing === undefined ? { effective } : { effective, replicas_missing: replicasMissing };
}

/** What the store says, in the words of the interface. A database that does not answer changes nothing and tells nothing. */
async function changed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof KeyRefusal) throw refusal(error.code, error.got);
    throw refusal("identity/unavailable", "keys that cannot be read or changed now", { cause: error });
  }
}
