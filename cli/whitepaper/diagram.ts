import { escapeHtml } from "../escape.ts";
import type { Flow, Flows, Party } from "./flows.ts";

/** Measures of the picture, in its own units. */
const BOX = { width: 190, height: 46, gapX: 150, gapY: 26, margin: 20, lane: 20 } as const;
/** How far from a box an arrow goes up or down, for each lane. */
const LANE_ASIDE = 14;
/** Longer names are cut; the table has all of them. */
const NAME_MAX = 24;

/** What a reader wants to see first: the way of a request. */
const REQUEST_PLACES = new Set(["breakwater", "tenant", "inference"]);

/** Flows of requests: between the platform, tenants, models and the world. Look-ups of names are in the table only. */
export function requestFlows({ parties, flows }: Flows): Flows {
  const place = new Map(parties.map((party) => [party.id, party.place]));
  const shown = flows.filter(({ from, to }) => {
    const ends = [place.get(from) ?? "", place.get(to) ?? ""];
    return ends.some((end) => REQUEST_PLACES.has(end)) && ends.every((end) => end === "" || REQUEST_PLACES.has(end));
  });
  const ends = new Set(shown.flatMap(({ from, to }) => [from, to]));
  const alone = (party: Party) => REQUEST_PLACES.has(party.place) && party.who !== "*";
  return { parties: parties.filter((party) => ends.has(party.id) || alone(party)), flows: shown };
}

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly column: number;
}

/** All that one party may send to another, as one arrow. */
interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly ports: readonly string[];
  readonly said: Flow["said"];
}

/**
 * Draws parties in columns, each right of those who talk to it. An arrow to the next column goes straight; any other goes
 * through the gaps and below all boxes, in one lane for each receiver, so that it crosses none. Pure; the same flows give
 * the same picture.
 */
export function drawFlows({ parties, flows }: Flows, title: string): string {
  const columns = columnsOf(parties, flows);
  const rows = Math.max(1, ...columns.map((column) => column.length));
  const bottom = BOX.margin + rows * BOX.height + (rows - 1) * BOX.gapY;
  const spots = spotsOf(columns, bottom);
  const arrows = arrowsOf(flows);
  const isNear = ({ from, to }: Arrow) => (spots.get(to)?.column ?? 0) === (spots.get(from)?.column ?? 0) + 1;
  const lanes = [...new Set(arrows.filter((arrow) => !isNear(arrow)).map(({ to }) => to))];
  const width = 2 * BOX.margin + columns.length * (BOX.width + BOX.gapX);
  const height = bottom + BOX.margin + lanes.length * BOX.lane;
  const lines = arrows.map((arrow) =>
    drawArrow(arrow, spots, bottom, isNear(arrow) ? undefined : lanes.indexOf(arrow.to)),
  );
  const boxes = parties.map((party) => box(party, spots.get(party.id)));
  return [
    `<svg role="img" aria-label="${escapeHtml(title)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg">`,
    `<title>${escapeHtml(title)}</title>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="currentColor"/></marker></defs>',
    ...lines,
    ...boxes,
    "</svg>",
  ].join("\n");
}

function spotsOf(columns: readonly (readonly Party[])[], bottom: number): ReadonlyMap<string, Spot> {
  const spots = new Map<string, Spot>();
  columns.forEach((column, index) => {
    const used = column.length * BOX.height + (column.length - 1) * BOX.gapY;
    const top = BOX.margin + (bottom - BOX.margin - used) / 2;
    column.forEach(({ id }, row) => {
      const x = BOX.margin + BOX.gapX / 2 + index * (BOX.width + BOX.gapX);
      spots.set(id, { x, y: Math.round(top + row * (BOX.height + BOX.gapY)), column: index });
    });
  });
  return spots;
}

function arrowsOf(flows: readonly Flow[]): readonly Arrow[] {
  const groups = new Map<string, Arrow>();
  for (const { from, to, ports, said } of flows) {
    const key = `${from}\0${to}\0${said}`;
    groups.set(key, { from, to, said, ports: [...(groups.get(key)?.ports ?? []), ...ports] });
  }
  return [...groups.values()];
}

/** Column of each party: one more than the farthest column of a sender, without going round in circles. */
function columnsOf(parties: readonly Party[], flows: readonly Flow[]): readonly (readonly Party[])[] {
  const depth = new Map<string, number>();
  const walk = (id: string, level: number, path: ReadonlySet<string>) => {
    if ((depth.get(id) ?? -1) >= level) return;
    depth.set(id, level);
    for (const { from, to } of flows) if (from === id && !path.has(to)) walk(to, level + 1, new Set([...path, to]));
  };
  const targets = new Set(flows.map(({ to }) => to));
  for (const { id } of parties) if (!targets.has(id)) walk(id, 0, new Set([id]));
  for (const { id } of parties) if (!depth.has(id)) walk(id, 0, new Set([id]));
  const deepest = Math.max(0, ...depth.values());
  const columns = Array.from({ length: deepest + 1 }, (_, level) =>
    parties.filter(({ id }) => depth.get(id) === level),
  );
  return columns.filter((column) => column.length > 0);
}

function box({ place, who }: Party, spot: Spot | undefined): string {
  if (spot === undefined) return "";
  const { x, y } = spot;
  const middle = x + BOX.width / 2;
  const name = who.length > NAME_MAX ? `${who.slice(0, NAME_MAX - 1)}…` : who;
  const kind = place === "" ? "outside" : place === "tenant" ? "tenant" : "inside";
  return [
    `<g class="party ${kind}"><title>${escapeHtml(place === "" ? who : `${place}: ${who}`)}</title>`,
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>`,
    `<text x="${middle}" y="${y + 20}" text-anchor="middle">${escapeHtml(name)}</text>`,
    `<text x="${middle}" y="${y + 37}" text-anchor="middle" class="place">${escapeHtml(place)}</text></g>`,
  ].join("");
}

function drawArrow(
  { from, to, ports, said }: Arrow,
  spots: ReadonlyMap<string, Spot>,
  bottom: number,
  lane: number | undefined,
): string {
  const [start, end] = [spots.get(from), spots.get(to)];
  if (start === undefined || end === undefined) return "";
  const [x1, x2] = [start.x + BOX.width, end.x];
  const [y1, y2] = [start.y + BOX.height / 2, end.y + BOX.height / 2];
  const text = ports.join(", ");
  const label = `<title>${escapeHtml(`${from} → ${to}: ${text}`)}</title>`;
  const open = `<g class="flow ${said}">${label}`;
  if (lane === undefined) {
    const middle = (x1 + x2) / 2;
    const path = `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
    return `${open}<path d="${path}" marker-end="url(#tip)"/>${caption(middle, (y1 + y2) / 2 - 5, text, "middle")}</g>`;
  }
  const [aside, y] = [LANE_ASIDE * (1 + (lane % 4)), bottom + (lane + 1) * BOX.lane];
  const path = `M${x1} ${y1}H${x1 + aside}V${y}H${x2 - aside}V${y2}H${x2}`;
  return `${open}<path d="${path}" marker-end="url(#tip)"/>${caption(x1 + aside + 4, y - 4, text, "start")}</g>`;
}

function caption(x: number, y: number, text: string, anchor: "start" | "middle"): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" class="ports">${escapeHtml(text)}</text>`;
}
