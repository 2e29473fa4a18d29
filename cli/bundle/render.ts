import type { Bundle } from "./bundle.ts";

/** The list for people: one heading for each kind of thing that has to be carried. */
export function renderBundle(bundle: Bundle): string {
  const { environment, images, charts, models, packages, binaries, addresses } = bundle;
  const sections = [
    section(
      "Images",
      images.map(({ reference, state }) => [state, reference]),
    ),
    section(
      "Charts",
      charts.map(({ name, version, repository }) => [`${name} ${version}`, repository]),
    ),
    section(
      "Models",
      models.map(({ name, source }) => [name, source]),
    ),
    section("Packages in images", packages.map(carried)),
    section("Binaries of nodes", binaries.map(carried)),
    section(
      "Addresses that are reached, and not carried",
      addresses.map((address) => [address, ""]),
    ),
  ];
  const pending = images.filter(({ state }) => state === "not built yet").length;
  const ours = pending === 0 ? "" : ` ${pending} images of ours are not built yet: breakwater images ${environment}`;
  return `${[`${environment}: what it takes from elsewhere`, ...sections.flat()].join("\n")}\n\nNothing was fetched.${ours}`;
}

function carried({ name, version, with: brings }: Bundle["packages"][number]): readonly [string, string] {
  return [`${name} ${version}`.trim(), brings];
}

function section(title: string, rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([first = ""]) => first.length));
  const lines = rows.map(([first = "", second = ""]) => `  ${first.padEnd(width)}  ${second}`.trimEnd());
  return ["", `${title}:`, ...lines];
}
