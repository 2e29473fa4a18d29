import { expect, test } from "vitest";
import { debianSources } from "../../../../tools/images/debian-sources.ts";

const own = "Types: deb\nURIs: http://mirror.company.com/debian\nSuites: bookworm bookworm-updates\nComponents: main";

test("the machine's own Debian source is used, without comments", () => {
  const text = `# a comment\n${own}\n`;
  expect(debianSources([{ name: "/etc/apt/sources.list.d/debian.sources", text }])).toBe(`${own}\n`);
});

test("sources of other vendors, other releases and disabled ones are left out", () => {
  const others = [
    { name: "node.sources", text: "Types: deb\nURIs: https://packages.vendor.example/node\nSuites: nodistro\n" },
    { name: "cloud.list", text: "deb https://packages.cloud.example/apt cloud-sdk-bookworm main\n" },
    { name: "ubuntu.list", text: "deb http://mirror.company.com/ubuntu noble main\n" },
    { name: "old.sources", text: `Enabled: no\n${own}\n` },
  ];
  expect(debianSources([...others, { name: "debian.sources", text: own }])).toBe(`${own}\n`);
});

test("a machine without one is told to add one", () => {
  expect(() => debianSources([])).toThrow("[images/no-debian-source] /etc/apt/sources.list.d: got no source");
});

test("one-line sources are understood", () => {
  const text = "deb http://mirror.company.com/debian bookworm main\n# deb http://mirror.company.com/debian sid main\n";
  expect(debianSources([{ name: "/etc/apt/sources.list", text }])).toBe(
    "deb http://mirror.company.com/debian bookworm main\n",
  );
});
