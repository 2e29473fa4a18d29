import type { Problem } from "../problems/index.ts";
import type { SettingsCode } from "./codes.ts";
import { costContradictions } from "./cost-rules.ts";
import { levelObstacles } from "./level-rules.ts";
import { makerObstacles } from "./maker-rules.ts";
import { modelObstacles, providerObstacles } from "./model-rules.ts";
import { settingsProblem } from "./problem.ts";
import { screeningContradictions } from "./screening-rules.ts";
import { show } from "./show.ts";
import { pairOf, validTopologies } from "./topologies.ts";
import { formatPath, listAt, type Path, valueAt } from "./walk.ts";

/**
 * What no single field can say of itself. Reads data of any shape, so that these problems are reported
 * together with those of form; what has the wrong type is left to the schema.
 */
export function contradictions(data: unknown): readonly Problem[] {
  return [
    ...uniqueLists.flatMap((list) => repeated(data, list)),
    ...screeningContradictions(data),
    ...allowedAndBlocked(data),
    ...channelTwice(data),
    ...costContradictions(data),
  ];
}

interface UniqueList {
  readonly path: Path;
  readonly key: string;
  readonly code: SettingsCode;
}

const uniqueLists: readonly UniqueList[] = [
  { path: ["multi_tenant", "tenants"], key: "id", code: "settings/duplicate-tenant" },
  { path: ["enterprise", "rbac", "roles"], key: "name", code: "settings/duplicate-role" },
  { path: ["enterprise", "data_loss_prevention", "rules"], key: "name", code: "settings/duplicate-rule" },
  { path: ["enterprise", "data_loss_prevention", "detectors"], key: "detector", code: "settings/duplicate-rule" },
  { path: ["audit", "exports"], key: "name", code: "settings/duplicate-export" },
  { path: ["monitoring", "alerting", "rules"], key: "name", code: "settings/duplicate-rule" },
  { path: ["monitoring", "metrics", "custom_metrics"], key: "name", code: "settings/duplicate-metric" },
];

function repeated(data: unknown, { path, key, code }: UniqueList): readonly Problem[] {
  const first = new Map<string, string>();
  return listAt(data, path).flatMap((item, index) => {
    const name = valueAt(item, [key]);
    if (typeof name !== "string") return [];
    const here = formatPath([...path, index, key]);
    const earlier = first.get(name);
    if (earlier === undefined) {
      first.set(name, here);
      return [];
    }
    return [
      settingsProblem(code, here, {
        got: `${show(name)}, as in ${earlier}`,
        expected: "a name that no other entry of the list has",
        remedy: "rename one of them, or remove the one that is too many",
      }),
    ];
  });
}

function allowedAndBlocked(data: unknown): readonly Problem[] {
  return listAt(data, ["multi_tenant", "tenants"]).flatMap((tenant, index) => {
    const allowed = new Set(listAt(tenant, ["allowed_skills"]));
    return listAt(tenant, ["blocked_skills"]).flatMap((skill, position) =>
      allowed.has(skill) && skill !== "*"
        ? [
            settingsProblem(
              "settings/skill-allowed-and-blocked",
              formatPath(["multi_tenant", "tenants", index, "blocked_skills", position]),
              {
                got: `${show(skill)}, which allowed_skills names too`,
                expected: "a skill in one of the two lists",
                remedy: "remove it from the list where it does not belong",
              },
            ),
          ]
        : [],
    );
  });
}

function channelTwice(data: unknown): readonly Problem[] {
  const both = ["wechat_work", "wecom"].every((name) => valueAt(data, ["channels", name]) !== undefined);
  if (!both) return [];
  return [
    settingsProblem("settings/duplicate-channel", "channels.wechat_work", {
      got: "the same channel as channels.wecom",
      expected: "one of the two",
      remedy: "keep wecom, which is OpenClaw's own name",
    }),
  ];
}

/**
 * What stops a deployment though each section is right by itself. Reads data of any shape, as {@link contradictions} does.
 *
 * @param today day, UTC, whose prices count.
 */
export function obstacles(data: unknown, today: string): readonly Problem[] {
  return [
    ...providerObstacles(data),
    ...modelObstacles(data, today),
    ...makerObstacles(data),
    ...levelObstacles(data),
    ...switchedOff(data),
    ...dataLeaves(data),
  ];
}

/** Walls that this platform has no way to take down: saying that they are off would be untrue. */
function switchedOff(data: unknown): readonly Problem[] {
  const walls: readonly Path[] = [
    ["multi_tenant", "enabled"],
    ["enterprise", "rbac", "enabled"],
  ];
  return walls
    .filter((path) => valueAt(data, path) === false)
    .map((path) =>
      settingsProblem("settings/cannot-switch-off", formatPath(path), {
        got: "false",
        expected: "true, because tenants and permissions are always enforced",
        remedy: "write true; for a single department keep one tenant",
      }),
    );
}

/** Which architecture can stand where is data: {@link pairOf}. */
function dataLeaves(data: unknown): readonly Problem[] {
  const pair = pairOf(valueAt(data, ["deployment", "architecture"]), valueAt(data, ["deployment", "topology"]));
  if (pair === undefined || pair.valid === "always") return [];
  if (pair.valid === "private region" && valueAt(data, ["deployment", "private_region"]) === true) return [];
  return [
    settingsProblem("settings/contradiction", "deployment.topology", {
      got: `${show(pair.topology)} with architecture ${show(pair.architecture)}`,
      expected: `${validTopologies(pair.architecture).map(show).join(" or ")}, because ${pair.because}`,
      remedy:
        pair.valid === "private region"
          ? "choose one of those, or set deployment.private_region where the region is the company's own"
          : "choose one of those, or the other architecture",
    }),
  ];
}
