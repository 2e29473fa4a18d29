import { type PlacementProblem, problemAt } from "./codes.ts";
import { nearest } from "./nearest.ts";
import { type Check, OUR_RULE, type Place } from "./place.ts";

/** Account systems of AWS that no offer knows, by how their regions begin. */
const OTHER_PARTITIONS: Readonly<Record<string, string>> = {
  "us-gov-": "aws-us-gov",
  "us-iso-": "aws-iso",
  "us-isob-": "aws-iso-b",
  "eu-isoe-": "aws-iso-e",
  "eusc-": "aws-eusc",
};

/** The region is one of the cloud's, and its zones are the region's. */
export const region: Check = (place) => {
  const { offer, demand } = place;
  if (offer === undefined || Object.keys(offer.regions).length === 0) return [];
  return place.region === undefined ? [noSuchRegion(place, Object.keys(offer.regions))] : zones(demand);
};

function noSuchRegion({ demand, settings, regionOf }: Place, known: readonly string[]): PlacementProblem {
  const { topology } = settings.deployment;
  const meant = nearest(demand.region, known);
  const elsewhere = regionOf.length === 0 ? "" : `, a region of ${regionOf.join(" and ")}`;
  const partition = Object.entries(OTHER_PARTITIONS).find(([start]) => demand.region.startsWith(start))?.[1];
  const source = `components/${topology}/offer.ts`;
  const expected = `a region of ${topology} that Breakwater knows, nearest ${meant}; all: ${[...known].sort().join(", ")}`;
  if (topology === "aws" && partition !== undefined) {
    return problemAt("placement/partition", "deployment.region", {
      got: `${demand.region} of the partition ${partition}, another account system`,
      expected,
      remedy: "choose a region of a partition that Breakwater knows: its machines, names and services are other ones",
      source,
    });
  }
  return problemAt("placement/region", "deployment.region", {
    got: `${demand.region}${elsewhere}`,
    expected,
    remedy: regionOf[0] === undefined ? `write ${meant}` : `write ${meant}, or topology ${regionOf[0]}`,
    source,
  });
}

/** What a cloud writes behind its region for a zone: a letter or a digit, here and there after a hyphen. */
const ZONE_OF_REGION = /^-?[a-z0-9]$/;

/**
 * Every cloud names its zones after their region. A local zone is too, and can be in another country: `ap-northeast-1-tpe-1a`
 * is in Taipei and belongs to Tokyo (AWS's list of local zones, from memory 2026-11-24).
 */
function zones({ zones: named, region: own }: Place["demand"]): readonly PlacementProblem[] {
  return (named ?? []).flatMap((zone, index) => {
    const path = `network.zones[${index}]`;
    const expected = `a zone of ${own}, whose name is that and one letter or digit`;
    if (!zone.startsWith(own) || !ZONE_OF_REGION.test(zone.slice(own.length))) {
      const remedy = "name the region's own zones, or leave network.zones out";
      return [problemAt("placement/zone", path, { got: zone, expected, remedy, source: OUR_RULE })];
    }
    if (named?.indexOf(zone) !== index) {
      const remedy = "name three different zones, so that one can fail";
      return [problemAt("placement/zone", path, { got: `${zone} twice`, expected, remedy, source: OUR_RULE })];
    }
    return [];
  });
}
