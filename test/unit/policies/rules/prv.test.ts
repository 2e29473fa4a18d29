import { describe, expect, test } from "vitest";
import { jurisdictionOf, mayLieIn } from "../../../../policies/regions.ts";
import { prv001 } from "../../../../policies/rules/prv-001.ts";
import { prv007 } from "../../../../policies/rules/prv-007.ts";
import { judged, planned, problems } from "../../../support/judge.ts";
import { pod } from "../../../support/judged-pods.ts";

const rules = [prv001, prv007];
const UNKNOWN = { __pulumiUnknown: true };

describe("PRV-001", () => {
  const HOMES = {
    aws: { topology: "aws", region: "ap-northeast-2", jurisdiction: "kr" },
    alibaba: { topology: "alibaba", region: "cn-hangzhou", jurisdiction: "cn" },
    tencent: { topology: "tencent", region: "ap-guangzhou", jurisdiction: "cn" },
  } as const;

  test.each([
    ["aws", "pulumi:providers:aws", { region: "ap-northeast-2" }],
    ["aws", "aws:backup/plan:Plan", { arn: "arn:aws:backup:ap-northeast-2:1:backup-vault:b", other: UNKNOWN }],
    ["aws", "aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn: "arn:aws:iam::aws:policy/A" }],
    ["alibaba", "alicloud:actiontrail/trail:Trail", { trailRegion: "All" }],
    ["alibaba", "pulumi:providers:alicloud", { region: "cn-shanghai" }],
    ["tencent", "tencentcloud:index/auditTrack:AuditTrack", { storage: { storageRegion: "ap-shanghai" } }],
    ["tencent", "kubernetes:core/v1:ConfigMap", { region: "us-east-1" }],
  ] as const)("%s: %s under the same law passes", (cloud, type, inputs) => {
    expect(judged("PRV-001", [planned(type, inputs)], { rules, facts: HOMES[cloud] }).outcome).toBe("passed");
  });

  test.each([
    ["aws", "pulumi:providers:aws", { region: "us-east-1" }, "region is in us-east-1"],
    ["aws", "aws:s3/bucket:Bucket", { region: "ap-northeast-1" }, "region is in ap-northeast-1"],
    ["aws", "aws:backup/plan:Plan", { to: ["arn:aws:backup:eu-west-1:1:backup-vault:b"] }, "to.0 is in eu-west-1"],
    ["alibaba", "pulumi:providers:alicloud", { region: "cn-hongkong" }, "region is in cn-hongkong"],
    [
      "alibaba",
      "alicloud:log/store:Store",
      { encryptConf: { userCmkInfo: { regionId: "ap-southeast-1" } } },
      "encryptConf.userCmkInfo.regionId is in ap-southeast-1",
    ],
    [
      "tencent",
      "tencentcloud:index/auditTrack:AuditTrack",
      { storage: { storageRegion: "ap-singapore" } },
      "storage.storageRegion is in ap-singapore",
    ],
    [
      "tencent",
      "tencentcloud:index/postgresqlInstance:PostgresqlInstance",
      { kmsRegion: "na-ashburn" },
      "kmsRegion is in na-ashburn",
    ],
  ] as const)("%s: %s elsewhere is refused: %o", (cloud, type, inputs, problem) => {
    expect(problems("PRV-001", [planned(type, inputs)], { rules, facts: HOMES[cloud] })).toEqual([problem]);
  });

  test("a region that is declared to be under another law than it is, is refused", () => {
    expect(problems("PRV-001", [], { rules, facts: { ...HOMES.aws, jurisdiction: "us" } })).toEqual([
      "ap-northeast-2 is under the law of kr, not of us",
    ]);
  });

  test("the same name is another place on another cloud, Europe is one place, and an unlisted region only itself", () => {
    expect([jurisdictionOf("aws", "us-west-1"), jurisdictionOf("alibaba", "eu-west-1")]).toEqual(["us", "gb"]);
    expect(mayLieIn("aws", "eu-west-1", "eu-central-1")).toBe(true);
    expect(mayLieIn("aws", "eu-west-2", "eu-central-1")).toBe(false);
    expect(mayLieIn("aws", "mars-north-1", "mars-north-1")).toBe(true);
    expect(mayLieIn("aws", "mars-north-1", "us-east-1")).toBe(false);
  });
});

describe("PRV-007", () => {
  const release = (chart: string, values: object) => planned("kubernetes:helm.sh/v3:Release", { chart, values });
  const quiet = { "grafana.ini": { analytics: { reporting_enabled: false } } };
  const cell = (telemetry?: object) =>
    planned("kubernetes:core/v1:ConfigMap", {
      metadata: { name: "cell-settings", namespace: "tenant-a" },
      data: { "agent.json": "{}", "base.json": JSON.stringify({ gateway: {}, telemetry }) },
    });
  const off = ["DO_NOT_TRACK", "VLLM_NO_USAGE_STATS"].map((name) => ({ name, value: "1" }));
  const server = (env: object[], command?: string[]) =>
    pod({ name: "vllm", image: "mirror/vllm/vllm-openai@sha256:1", env, command });
  const nim = (env: object[]) => planned("kubernetes:apps.nvidia.com/v1alpha1:NIMService", { spec: { env } });
  const judge = (resource: ReturnType<typeof cell>) => problems("PRV-007", [resource], { rules });

  test("charts, cells and model servers that tell nobody pass", () => {
    const passing = [
      release("kube-prometheus-stack", { grafana: quiet, other: UNKNOWN }),
      release("kube-prometheus-stack", { grafana: { enabled: false } }),
      release("oci://registry/charts/grafana", quiet),
      release("openshell", { server: { telemetryEnabled: false } }),
      release("metallb", {}),
      cell({ enabled: false }),
      server(off),
      server([], ["python3", "fill.py"]),
      nim(off),
    ];
    for (const resource of passing) expect(judged("PRV-007", [resource], { rules }).outcome).toBe("passed");
  });

  test("what reports by default, or is told to, is refused", () => {
    expect(judge(release("kube-prometheus-stack", {}))).toEqual([
      "grafana.grafana.ini.analytics.reporting_enabled is not false",
    ]);
    expect(judge(release("openshell", {}))).toEqual(["server.telemetryEnabled is not false"]);
    expect(judge(release("metallb", { a: { telemetryEnabled: true } }))).toEqual(["a.telemetryEnabled is true"]);
    expect(judge(cell())).toEqual(["the cell's telemetry.enabled is not false"]);
    expect(judge(cell({ enabled: true }))).toHaveLength(1);
    expect(judge(nim([]))).toEqual(["the model server runs without DO_NOT_TRACK=1"]);
    for (const command of [undefined, ["vllm", "serve"]]) {
      expect(judge(server(off.slice(1), command))).toEqual(["container vllm runs without DO_NOT_TRACK=1"]);
    }
  });
});
