import { html, type Markup } from "../page/markup.ts";
import type { Flow, Flows, Party } from "./flows.ts";

/** Measures of the picture, in its own units: it is as wide as the text of a phone, so that letters keep their size. */
const BOX = { width: 148, height: 52, gap: 18, margin: 2 } as const;
/** Height that an arrow with its ports takes at a box. */
const SLOT = 24;
/** Between a box and the first lane stand the ports. */
const PORTS_WIDTH = 122;
/** How many ports there is room for. */
const PORTS_MAX = 2;
/** Width between two lanes. */
const LANE = 11;
/** Longer names are cut; the table has all of them. */
const NAME_MAX = 14;

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
  readonly y: number;
  readonly height: number;
}

/** All that one party may send to another, as one arrow. */
interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly ports: readonly string[];
  readonly said: Flow["said"];
}

/** An arrow with where it leaves and where it arrives. */
interface Way extends Arrow {
  readonly start: number;
  readonly end: number;
}

/**
 * Draws parties below each other, each under those who talk to it, and beside them the arrows: out to the right, along a
 * lane and back to the receiver, so that none crosses a box. All arrows to one party share a lane. Pure; the same flows give
 * the same picture.
 */
export function drawFlows({ parties, flows }: Flows, title: string): Markup {
  const arrows = arrowsOf(flows);
  const order = orderOf(parties, flows);
  const spots = spotsOf(order, arrows);
  const ways = arrows.flatMap((arrow) => wayOf(arrow, arrows, spots));
  const lanes = lanesOf(ways);
  const width = BOX.margin + BOX.width + PORTS_WIDTH + Math.max(0, ...lanes.values()) * LANE + LANE;
  const height = Math.max(0, ...[...spots.values()].map((spot) => spot.y + spot.height)) + BOX.margin;
  return html`<svg class="flows" role="img" aria-label="${title}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg">
<title>${title}</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
${ways.map((way) => drawWay(way, lanes.get(way.to) ?? 0))}${ways.map(portsOf)}${order.map((party) => box(party, spots.get(party.id)))}</svg>`;
}

function arrowsOf(flows: readonly Flow[]): readonly Arrow[] {
  const groups = new Map<string, Arrow>();
  for (const { from, to, ports, said } of flows) {
    const key = `${from}\0${to}\0${said}`;
    groups.set(key, { from, to, said, ports: [...(groups.get(key)?.ports ?? []), ...ports] });
  }
  return [...groups.values()];
}

/** Parties by how far from the first sender they are, without going round in circles. */
function orderOf(parties: readonly Party[], flows: readonly Flow[]): readonly Party[] {
  const depth = new Map<string, number>();
  const walk = (id: string, level: number, path: ReadonlySet<string>) => {
    if ((depth.get(id) ?? -1) >= level) return;
    depth.set(id, level);
    for (const { from, to } of flows) if (from === id && !path.has(to)) walk(to, level + 1, new Set([...path, to]));
  };
  const targets = new Set(flows.map(({ to }) => to));
  for (const { id } of parties) if (!targets.has(id)) walk(id, 0, new Set([id]));
  for (const { id } of parties) if (!depth.has(id)) walk(id, 0, new Set([id]));
  return parties.toSorted((a, b) => (depth.get(a.id) ?? 0) - (depth.get(b.id) ?? 0));
}

/** Where each box stands; it is as high as its arrows need. */
function spotsOf(order: readonly Party[], arrows: readonly Arrow[]): ReadonlyMap<string, Spot> {
  const spots = new Map<string, Spot>();
  let y: number = BOX.margin;
  for (const { id } of order) {
    const height = Math.max(BOX.height, (arrows.filter(({ from }) => from === id).length + 1) * SLOT);
    spots.set(id, { y, height });
    y += height + BOX.gap;
  }
  return spots;
}

/** Arrows arrive in the first slot of a box, and leave from a slot of their own below it. */
function wayOf(arrow: Arrow, arrows: readonly Arrow[], spots: ReadonlyMap<string, Spot>): readonly Way[] {
  const [start, end] = [spots.get(arrow.from), spots.get(arrow.to)];
  if (start === undefined || end === undefined) return [];
  const slot = arrows.filter(({ from }) => from === arrow.from).indexOf(arrow) + 1;
  const step = start.height / (arrows.filter(({ from }) => from === arrow.from).length + 1);
  return [{ ...arrow, start: Math.round(start.y + step * (slot + 0.75)), end: end.y + SLOT / 2 }];
}

/** A lane for each receiver, the first that no other needs at the same height. */
function lanesOf(ways: readonly Way[]): ReadonlyMap<string, number> {
  const taken: { top: number; bottom: number }[][] = [];
  const lanes = new Map<string, number>();
  for (const to of new Set(ways.map((way) => way.to))) {
    const heights = ways.filter((way) => way.to === to).flatMap(({ start, end }) => [start, end]);
    const [top, bottom] = [Math.min(...heights), Math.max(...heights)];
    const free = taken.findIndex((spans) => spans.every((span) => span.bottom < top || span.top > bottom));
    const lane = free === -1 ? taken.length : free;
    taken[lane] = [...(taken[lane] ?? []), { top, bottom }];
    lanes.set(to, lane);
  }
  return lanes;
}

function box({ place, who }: Party, spot: Spot | undefined): Markup | undefined {
  if (spot === undefined) return undefined;
  const { y, height } = spot;
  const name = who.length > NAME_MAX ? `${who.slice(0, NAME_MAX - 1)}…` : who;
  const kind = place === "" ? "outside" : place === "tenant" ? "tenant" : "inside";
  const middle = BOX.margin + BOX.width / 2;
  const line = y + height / 2;
  return html`<g class="party ${kind}"><title>${place === "" ? who : `${place}: ${who}`}</title>
<rect x="${BOX.margin}" y="${y}" width="${BOX.width}" height="${height}" rx="6"/>
<text x="${middle}" y="${place === "" ? line + 6 : line - 3}" text-anchor="middle">${name}</text>
<text x="${middle}" y="${line + 17}" text-anchor="middle" class="place">${place}</text></g>
`;
}

function drawWay({ from, to, ports, said, start, end }: Way, lane: number): Markup {
  const side = BOX.margin + BOX.width;
  const x = side + PORTS_WIDTH + lane * LANE;
  return html`<g class="flow ${said}"><title>${`${from} → ${to}: ${ports.join(", ")}`}</title>
<path d="M${side} ${start}H${x}V${end}H${side}" marker-end="url(#tip)"/></g>
`;
}

/** Written over all lines, so that none strikes it out. */
function portsOf({ ports, start }: Way): Markup {
  return html`<text x="${BOX.margin + BOX.width + 6}" y="${start - 4}" class="ports">${portNumbers(ports)}</text>
`;
}

/** `18789, 18790`: TCP is what is not said. The table has those for which there is no room. */
function portNumbers(ports: readonly string[]): string {
  const shown = ports.slice(0, PORTS_MAX).map((port) => port.replace(/^TCP /, ""));
  return [...shown, ...(ports.length > PORTS_MAX ? ["…"] : [])].join(", ");
}
