import { describe, expect, test } from "vitest";
import { bare, full, ofType, recorded } from "./fixture.ts";

const splunk = await recorded(full);
const elastic = await recorded({
  ...full,
  logs: {
    kind: "elasticsearch",
    host: "search.company.com",
    port: 9200,
    isEncrypted: true,
    index: "breakwater-pods",
    tokenFile: undefined,
    authorityFile: undefined,
  },
});

interface Values {
  readonly config: { readonly inputs: string; readonly filters: string; readonly outputs: string };
  readonly env?: readonly object[];
  readonly daemonSetVolumeMounts: readonly { readonly name: string; readonly readOnly?: boolean }[];
  readonly [key: string]: unknown;
}

function values(seen: typeof splunk): Values {
  return ofType(seen, ":Release")["monitoring-logs"]?.["values"] as Values;
}

describe("log shipping", () => {
  test("is there only where a destination is named", async () => {
    expect(ofType(await recorded(bare), ":LogShipping")).toEqual({});
  });

  test("reads the platform's own namespaces and no tenant's", () => {
    const [, path = ""] = /^ {4}Path (\S+)$/m.exec(values(splunk).config.inputs) ?? [];
    const namespaces = path.split(",").map((glob) => /^\/var\/log\/containers\/\*_([a-z]+)_\*\.log$/.exec(glob)?.[1]);
    expect(namespaces).toEqual(["breakwater", "vault", "inference", "monitoring"]);
  });

  test("cannot write to the node, and asks no API server", () => {
    const { daemonSetVolumeMounts, ...rest } = values(splunk);
    expect(daemonSetVolumeMounts).toContainEqual({ name: "varlog", mountPath: "/var/log", readOnly: true });
    expect(rest["rbac"]).toEqual({ create: false });
    expect(rest["serviceAccount"]).toEqual({ create: true, automountServiceAccountToken: false });
    expect(rest["securityContext"]).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(rest.config.filters).toBe("");
  });

  test("reaches DNS and its destination's port outside, and nothing reaches it", () => {
    const policy = ofType(splunk, ":NetworkPolicy")["monitoring-logs-ways"] as unknown as {
      metadata: object;
      spec: { ingress: object[]; egress: { ports: { port: number }[] }[]; podSelector: { matchLabels: object } };
    };
    expect(policy.metadata).toEqual({ name: "log-shipping", namespace: "logs" });
    expect(policy.spec.ingress).toEqual([]);
    expect(policy.spec.egress.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual([53, 53, 8088]);
    expect(values(splunk)["podLabels"]).toEqual(policy.spec.podSelector.matchLabels);
    expect(ofType(splunk, ":NetworkPolicy")["monitoring-logs"]).toMatchObject({
      metadata: { name: "default-deny", namespace: "logs" },
    });
  });

  test("Splunk's token is an environment variable from a Secret of files, not part of the configuration", () => {
    expect(values(splunk).config.outputs).toBe(
      [
        "[OUTPUT]",
        "    Name splunk",
        "    Match pods.*",
        "    Host splunk.company.com",
        "    Port 8088",
        "    Retry_Limit no_limits",
        "    Splunk_Token ${TOKEN}",
        "    tls On",
        "    tls.verify On",
        "    tls.ca_file /etc/log-destination/ca.crt",
        "",
      ].join("\n"),
    );
    expect(values(splunk).env).toEqual([
      { name: "TOKEN", valueFrom: { secretKeyRef: { name: "log-destination", key: "token" } } },
    ]);
    expect(ofType(splunk, ":SecretFiles")["monitoring-logs"]).toMatchObject({
      namespace: "logs",
      name: "log-destination",
      files: { token: "SPLUNK_TOKEN", "ca.crt": "SPLUNK_CA" },
    });
  });

  test("Elasticsearch gets an index of its own over TLS", () => {
    expect(values(elastic).config.outputs).toContain("    Name es\n");
    expect(values(elastic).config.outputs).toContain("    Index breakwater-pods\n");
    expect(values(elastic).config.outputs).toContain("    tls.verify On\n");
    expect(values(elastic).env).toBeUndefined();
    expect(ofType(elastic, ":SecretFiles")["monitoring-logs"]).toBeUndefined();
  });
});
