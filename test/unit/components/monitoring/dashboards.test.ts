import { expect, test } from "vitest";
import { dashboardFiles } from "../../../../components/monitoring/dashboards/index.ts";

interface Page {
  readonly uid: string;
  readonly title: string;
  readonly editable: boolean;
  readonly templating: { readonly list: readonly { readonly name: string; readonly datasource: object }[] };
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly datasource: object;
    readonly targets: readonly { readonly refId: string; readonly expr: string; readonly datasource: object }[];
  }[];
}

const files = dashboardFiles({ gpu: true });
const pages = Object.values(files).map((text) => JSON.parse(text) as Page);

test("there is a page for the overview, for one tenant, for cost and for GPUs; without GPUs not that one", () => {
  expect(Object.keys(files)).toEqual([
    "breakwater-overview.json",
    "breakwater-tenant.json",
    "breakwater-cost.json",
    "breakwater-gpu.json",
  ]);
  expect(Object.keys(dashboardFiles({ gpu: false }))).toEqual(Object.keys(files).slice(0, 3));
});

test("they fit into one ConfigMap", () => {
  // An object of the API server has at most 1 MiB. Source: kubernetes.io/docs/concepts/configuration/configmap.
  expect(Buffer.byteLength(JSON.stringify(files))).toBeLessThan(1024 ** 2);
});

test.each(pages)("$title: panels have ids of their own, stay on the page and do not cover each other", ({ panels }) => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
    expect(x + w).toBeLessThanOrEqual(24);
    return Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`);
  });
  expect(new Set(cells).size).toBe(cells.length);
});

test.each(pages)("$title: every query goes to the one data source and is named once", ({ panels, templating }) => {
  const source = { type: "prometheus", uid: "prometheus" };
  for (const { datasource } of templating.list) expect(datasource).toEqual(source);
  for (const { title, datasource, targets } of panels) {
    expect([title, datasource]).toEqual([title, source]);
    expect([title, targets.length > 0]).toEqual([title, true]);
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    for (const target of targets)
      expect(target).toMatchObject({ datasource: source, expr: expect.stringMatching(/./) });
  }
});

test.each(pages)("$title: a query names no choice that the page does not offer", ({ panels, templating }) => {
  const offered = templating.list.map(({ name }) => name);
  const named = panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => [...expr.matchAll(/\$([a-z_]+)/g)].map(([, name]) => name)),
  );
  expect([...new Set(named)]).toEqual(offered);
});

test("every panel of a tenant's page is about that tenant", () => {
  const page = pages.find(({ uid }) => uid === "breakwater-tenant");
  for (const { title, targets } of page?.panels ?? []) {
    for (const { expr } of targets) expect([title, expr]).toEqual([title, expect.stringContaining("$tenant")]);
  }
});
