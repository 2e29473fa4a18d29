import { z } from "zod";
import { audit } from "./sections/audit.ts";
import { cell } from "./sections/cell.ts";
import { channels } from "./sections/channels.ts";
import { cost } from "./sections/cost.ts";
import { database } from "./sections/database.ts";
import { deployment } from "./sections/deployment.ts";
import { enterprise, rbac } from "./sections/enterprise.ts";
import { frontDoor } from "./sections/front-door.ts";
import { inference } from "./sections/inference.ts";
import { kubernetes } from "./sections/kubernetes.ts";
import { modelProviders } from "./sections/model-providers.ts";
import { modelRouter } from "./sections/model-router.ts";
import { monitoring } from "./sections/monitoring.ts";
import { multiTenant } from "./sections/multi-tenant.ts";
import { network } from "./sections/network.ts";
import { openshell } from "./sections/openshell.ts";
import { policies } from "./sections/policies.ts";
import { vault } from "./sections/vault.ts";

/** One file: any of the sections. */
export const fileSchema = z
  .strictObject({
    deployment,
    multi_tenant: multiTenant,
    model_providers: modelProviders,
    enterprise,
    openshell,
    monitoring,
    channels,
    front_door: frontDoor,
    model_router: modelRouter,
    audit,
    database,
    cell,
    network,
    kubernetes,
    inference,
    vault,
    policies,
    cost,
  })
  .partial();

/** What a deployment needs: the sections that decide what exists are demanded, the others have defaults. */
export const deploymentSchema = z.strictObject({
  deployment,
  multi_tenant: multiTenant,
  model_providers: modelProviders,
  enterprise: enterprise.extend({ rbac }),
  openshell,
  monitoring: monitoring.optional(),
  channels: channels.optional(),
  front_door: frontDoor.prefault({}),
  model_router: modelRouter.prefault({}),
  audit: audit.prefault({}),
  database: database.prefault({}),
  cell: cell.prefault({}),
  network: network.prefault({}),
  kubernetes: kubernetes.prefault({}),
  inference: inference.prefault({}),
  vault: vault.prefault({}),
  policies: policies.prefault({}),
  cost: cost.prefault({}),
});

/** Names of the sections, in the order in which documents show them. */
export const sectionNames = Object.keys(fileSchema.shape) as readonly (keyof typeof fileSchema.shape)[];

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

type Corrected<T extends { channels?: unknown }> = Omit<T, "channels"> & {
  channels?: Omit<z.output<typeof channels>, "wechat_work">;
};

/** Settings of a whole deployment after parsing and correction: what components and services are built from. */
export type Settings = DeepReadonly<Corrected<z.output<typeof deploymentSchema>>>;

/** Settings of one file after parsing and correction: whichever sections it has. */
export type PartialSettings = DeepReadonly<Corrected<z.output<typeof fileSchema>>>;

/** One department, as everything that is built for it reads it. */
export type TenantSettings = Settings["multi_tenant"]["tenants"][number];
