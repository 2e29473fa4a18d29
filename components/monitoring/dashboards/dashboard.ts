import { DATA_SOURCE } from "../grafana-values.ts";

/** One graph or number. */
export interface Panel {
  readonly title: string;
  readonly queries: readonly { readonly expr: string; readonly legend?: string }[];
  /** Grafana's word for the unit, such as `percentunit`, `s`, `currencyUSD`, `decmbytes`. */
  readonly unit?: string;
  /** @default timeseries */
  readonly shape?: "timeseries" | "stat" | "bargauge";
  /** Of the 24 columns that a row has. @default 12 */
  readonly width?: number;
}

/** A choice at the top of a page: the values of one label. */
export interface Choice {
  readonly label: string;
  /** Series that carry the label. */
  readonly of: string;
}

/** One page. */
export interface DashboardFacts {
  /** Never changed: links hold it. */
  readonly uid: string;
  readonly title: string;
  readonly choice?: Choice;
  readonly panels: readonly Panel[];
}

const COLUMNS = 24;
const PANEL_HEIGHT = 8;
const dataSource = { type: "prometheus", uid: DATA_SOURCE };

/** Grafana's JSON of one page; the same facts always give the same text. */
export function dashboard({ uid, title, choice, panels }: DashboardFacts): object {
  return {
    uid,
    title,
    tags: ["breakwater"],
    timezone: "utc",
    editable: false,
    schemaVersion: 39,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    templating: { list: choice === undefined ? [] : [variable(choice)] },
    panels: placed(panels),
  };
}

function variable({ label, of }: Choice): object {
  const query = `label_values(${of}, ${label})`;
  return {
    name: label,
    label,
    type: "query",
    datasource: dataSource,
    query: { query, refId: "A" },
    definition: query,
    refresh: 2,
    sort: 1,
    multi: false,
    includeAll: false,
  };
}

/** Panels in reading order: a row is full when the next one does not fit any more. */
function placed(panels: readonly Panel[]): readonly object[] {
  let x = 0;
  let y = 0;
  return panels.map((panel, index) => {
    const w = panel.width ?? COLUMNS / 2;
    if (x + w > COLUMNS) {
      x = 0;
      y += PANEL_HEIGHT;
    }
    const gridPos = { x, y, w, h: PANEL_HEIGHT };
    x += w;
    return panelJson(panel, index + 1, gridPos);
  });
}

function panelJson({ title, queries, unit, shape = "timeseries" }: Panel, id: number, gridPos: object): object {
  return {
    id,
    title,
    type: shape,
    gridPos,
    datasource: dataSource,
    fieldConfig: { defaults: unit === undefined ? {} : { unit }, overrides: [] },
    ...(shape === "timeseries" ? {} : { options: { reduceOptions: { calcs: ["lastNotNull"] } } }),
    targets: queries.map(({ expr, legend }, at) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + at),
      datasource: dataSource,
      expr,
      legendFormat: legend ?? "__auto",
      instant: shape !== "timeseries",
      range: shape === "timeseries",
    })),
  };
}
