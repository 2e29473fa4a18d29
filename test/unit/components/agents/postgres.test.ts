import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { POD_CIDR } from "../../../../components/local/network.ts";
import { network } from "../../../../tools/cluster/node/layout.ts";
import { projectRoot } from "../../../../tools/paths.ts";
import { isUnknown, localSections, objectAt, recordPlan, specOf } from "../../../support/plan.ts";
import { workloadAt } from "../../../support/pods.ts";

const plan = await recordPlan(localSections());
const { kind, replicas, pod, containers, annotations } = workloadAt(plan, "breakwater/postgres");
const [postgres] = containers;

test("there is one PostgreSQL, on a volume of its own of the size of the settings", async () => {
  expect([kind, replicas, containers.length]).toEqual(["StatefulSet", 1, 1]);
  const other = await recordPlan({ ...localSections(), database: { storage_gib: 9 } });
  const claims = specOf<{ volumeClaimTemplates: unknown }>(objectAt(other, "StatefulSet", "breakwater", "postgres"));
  expect(claims.volumeClaimTemplates).toEqual([
    {
      metadata: { name: "data" },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "local",
        resources: { requests: { storage: "9Gi" } },
      },
    },
  ]);
  expect(postgres?.volumeMounts).toContainEqual({ name: "data", mountPath: "/var/lib/postgresql" });
});

test("passwords come as files, and a changed one restarts the database as it restarts its users", () => {
  const secrets = plan.find(({ inputs }) => inputs["name"] === "postgres-secrets");
  expect(secrets?.inputs["files"]).toEqual({
    "front-door-password": "platform/postgres-front-door-password",
    "router-password": "platform/postgres-router-password",
    "tls.crt": "platform/postgres-tls.crt",
    "tls.key": "platform/postgres-tls.key",
  });
  expect(pod.volumes).toContainEqual({
    name: "secrets",
    secret: { secretName: "postgres-secrets", defaultMode: 0o440 },
  });
  expect(isUnknown(annotations["breakwater.dev/secrets"])).toBe(true);
});

test("it is asked over its own socket, and recovery after a crash has five minutes", () => {
  const command = ["/usr/lib/postgresql/15/bin/pg_isready", "--quiet", "--host=/run/postgresql", "--username=postgres"];
  expect(postgres?.startupProbe).toEqual({
    exec: { command },
    timeoutSeconds: 5,
    periodSeconds: 1,
    failureThreshold: 300,
  });
  expect(postgres?.readinessProbe).toMatchObject({ exec: { command } });
});

test("it takes connections from the pods' addresses only, which are the node's own range", () => {
  expect(postgres?.args).toEqual([POD_CIDR]);
  expect(POD_CIDR).toBe(network.clusterRange);
});

test("front door and model router start when the database answers", () => {
  for (const name of ["front-door", "router"]) {
    const component = plan.find(({ custom, name: own, type }) => !custom && own === name && type.includes(":agents:"));
    const set = objectAt(plan, "StatefulSet", "breakwater", "postgres");
    expect([name, component?.dependencies]).toEqual([name, expect.arrayContaining([set.urn])]);
  }
});

test("its image stops it by the signal that PostgreSQL takes as fast shutdown", () => {
  const dockerfile = readFileSync(join(projectRoot, "runtime", "postgres", "Dockerfile"), "utf8");
  expect(dockerfile).toContain("\nSTOPSIGNAL SIGINT\n");
  expect(pod.terminationGracePeriodSeconds).toBe(60);
});

test("its configuration keeps every commit on disk and writes no statement or value into the log", () => {
  const text = readFileSync(join(projectRoot, "runtime", "postgres", "postgresql.conf"), "utf8");
  for (const line of [
    "fsync = on",
    "synchronous_commit = on",
    "full_page_writes = on",
    "password_encryption = scram-sha-256",
    "log_error_verbosity = terse",
    "log_min_error_statement = panic",
    "log_parameter_max_length = 0",
    "log_parameter_max_length_on_error = 0",
  ]) {
    expect(text).toContain(`\n${line}\n`);
  }
});
