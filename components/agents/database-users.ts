import { createHash } from "node:crypto";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import { type Input, type Output, output, unsecret } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { COMPONENT_LABEL } from "../labels.ts";
import { PLATFORM_NAMESPACE } from "../names.ts";
import type { Platform } from "../platform.ts";
import { pinnedTo } from "./pinned.ts";
import { restrictedContainer, restrictedPod } from "./pod-security.ts";
import { dnsWay, onlyWays } from "./reach.ts";
import { SECRETS_ANNOTATION, SETTINGS_ANNOTATION, SettingsFile } from "./settings-file.ts";

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

/** Label, and name of everything but the Job. */
const PART = "database-users";

/** How often a Job whose database does not answer yet is tried again, and how long all of it may take. */
const ATTEMPTS = 6;
const LONGEST_SECONDS = 280;

/**
 * The users of the deployment, their passwords and their rights; the cloud's administrator is no superuser, so that
 * nothing here may need one. Passwords are read by `\password`, which sends their SCRAM verifier: no statement log sees
 * them. `front_door` becomes the owner by way of a membership that ends with the run (PostgreSQL 16 asks for it).
 */
export const USERS_SQL = `SET password_encryption = 'scram-sha-256';
SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY['front_door', 'router']) AS name
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \\gexec
\\password front_door
\\password router
GRANT front_door TO CURRENT_USER;
SELECT format('CREATE DATABASE %I', :'database')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \\gexec
ALTER DATABASE :"database" OWNER TO front_door;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO router;
REVOKE front_door FROM CURRENT_USER;
`;

/**
 * Runs {@link USERS_SQL}, sees that both users get in, and gives the administrator a password that nobody knows: what the
 * state of the engine holds then opens nothing. A later run finds that door shut, which is right when the users get in.
 */
export const MAKE_USERS = `#!/bin/sh
set -eu
umask 077
bin="\${POSTGRES_BIN:-/usr/lib/postgresql/15/bin}"
settings="\${DATABASE_SETTINGS:-/etc/breakwater}"
secrets="\${DATABASE_SECRETS:-/run/secrets/database}"
# $1: user, $2: file of the password, then arguments of psql.
as() {
  user="$1" file="$secrets/$2"
  shift 2
  PGPASSWORD="$(cat "$file")" "$bin/psql" --no-psqlrc --quiet --no-password --set=ON_ERROR_STOP=1 --username="$user" "$@"
}
users_get_in() {
  for user in front-door router; do
    as "$(echo "$user" | tr - _)" "$user-password" --dbname="$DATABASE" --command='SELECT 1' >/dev/null || return 1
  done
}
# \`\\password\` asks twice.
twice() { printf '%s\\n%s\\n' "$1" "$1"; }
if ! as "$ADMINISTRATOR" administrator-password --dbname=postgres --command='SELECT 1' >/dev/null; then
  users_get_in && echo "the administrator is locked out already, and both users get in" && exit 0
  echo "neither the administrator nor both users get in; if the users' passwords were changed, replace the AdminPassword" >&2
  exit 1
fi
{ twice "$(cat "$secrets/front-door-password")"; twice "$(cat "$secrets/router-password")"; } |
  as "$ADMINISTRATOR" administrator-password --dbname=postgres --set=database="$DATABASE" --file="$settings/users.sql"
users_get_in
printf '%s\\n' "SET password_encryption = 'scram-sha-256';" '\\password' >/tmp/lock.sql
twice "Aa1-$(od -An -v -tx1 -N32 /dev/urandom | tr -d ' \\n')" |
  as "$ADMINISTRATOR" administrator-password --dbname=postgres --file=/tmp/lock.sql
echo "both users get in, and the administrator is locked out"
`;

/** Makes the users of front door and model router in a managed database. */
export function databaseUsers(name: string, args: DatabaseUsersArgs, opts: ComponentResourceOptions): Resource {
  return new DatabaseUsers(name, args, opts);
}

/**
 * A Job in the cluster that makes the users of a managed database over verified TLS, with passwords from the secret
 * files that their services read, and then locks the cloud's administrator out. It runs again when a password, the
 * image or the script changes; new passwords of users need a new password of the administrator first.
 *
 * Children: Secret and SecretFiles (passwords), ConfigMap, NetworkPolicy, Job. Cost: none.
 */
class DatabaseUsers extends Component {
  constructor(name: string, args: DatabaseUsersArgs, opts: ComponentResourceOptions) {
    super("breakwater:agents:DatabaseUsers", name, opts);
    const labels = { [COMPONENT_LABEL]: PART };
    const metadata = { namespace: PLATFORM_NAMESPACE, labels };
    const administrator = new Secret(
      name,
      {
        metadata: { ...metadata, name: `${PART}-administrator` },
        stringData: { "administrator-password": args.password },
      },
      this.child(),
    );
    const users = args.platform.secretFiles(
      `${name}-secrets`,
      {
        namespace: PLATFORM_NAMESPACE,
        name: `${PART}-secrets`,
        files: {
          "front-door-password": "platform/postgres-front-door-password",
          "router-password": "platform/postgres-router-password",
        },
      },
      this.child(),
    );
    const settings = new SettingsFile(
      name,
      {
        namespace: PLATFORM_NAMESPACE,
        name: PART,
        labels,
        files: { "database-ca.pem": args.authority, "users.sql": USERS_SQL, "make-users": MAKE_USERS },
      },
      this.child(),
    );
    const { platform, peers, port } = args;
    const walls = onlyWays(
      name,
      { namespace: PLATFORM_NAMESPACE, part: PART, from: [], to: [dnsWay(platform.dns), { peers, port }] },
      this.child(),
    );
    const annotations = {
      [SETTINGS_ANNOTATION]: settings.hash,
      [SECRETS_ANNOTATION]: users.fingerprint,
      "breakwater.dev/administrator": fingerprint(args.password),
    };
    new Job(
      name,
      {
        metadata: { ...metadata, name: jobName(args) },
        spec: {
          backoffLimit: ATTEMPTS,
          activeDeadlineSeconds: LONGEST_SECONDS,
          template: { metadata: { labels, annotations }, spec: usersPod(args, settings) },
        },
      },
      {
        ...this.child([administrator, users, settings.configMap, walls]),
        // Kubernetes refuses a change of a Job's pod; the old Job has done its work.
        replaceOnChanges: ["spec"],
        deleteBeforeReplace: true,
      },
    );
    this.registerOutputs();
  }
}

/** Of everything that a plan knows: a Job is immutable, so another one is another Job. */
function jobName({ port, database, admin }: DatabaseUsersArgs): string {
  const does = JSON.stringify([USERS_SQL, MAKE_USERS, port, database, admin]);
  return `${PART}-${createHash("sha256").update(does).digest("hex").slice(0, 8)}`;
}

/** Of 190 random bits, which nobody guesses from it; as a secret it would hide the whole Job from plan and policies. */
function fingerprint(password: Input<string>): Output<string> {
  return unsecret(output(password).apply((text) => createHash("sha256").update(text).digest("hex").slice(0, 16)));
}

function usersPod(args: DatabaseUsersArgs, { mounted }: SettingsFile): input.core.v1.PodSpec {
  const { platform, host, port, database, admin } = args;
  const variables: Record<string, Input<string>> = {
    PGHOST: host,
    PGPORT: String(port),
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: `${mounted.mountPath}/database-ca.pem`,
    PGCONNECT_TIMEOUT: "10",
    DATABASE: database,
    ADMINISTRATOR: admin,
  };
  return {
    ...restrictedPod,
    ...pinnedTo(platform.placement("agents")),
    restartPolicy: "Never",
    containers: [
      {
        ...restrictedContainer,
        name: PART,
        image: platform.image("postgres"),
        command: ["/bin/sh", `${mounted.mountPath}/make-users`],
        env: Object.entries(variables).map(([variable, value]) => ({ name: variable, value })),
        resources: { requests: { cpu: "20m", memory: "32Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
        volumeMounts: [
          { name: mounted.volume.name, mountPath: mounted.mountPath, readOnly: true },
          { name: "secrets", mountPath: "/run/secrets/database", readOnly: true },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      mounted.volume,
      {
        name: "secrets",
        projected: {
          defaultMode: 0o440,
          sources: [{ secret: { name: `${PART}-administrator` } }, { secret: { name: `${PART}-secrets` } }],
        },
      },
      { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
    ],
  };
}
