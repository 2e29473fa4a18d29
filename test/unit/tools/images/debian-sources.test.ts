import { expect, test } from "vitest";
import { debianSources } from "../../../../tools/images/debian-sources.ts";

const own = "Types: deb\nURIs: http://mirror.company.com/debian\nSuites: bookworm bookworm-updates\nComponents: main";

test("the machine's own Debian source is used, without comments", () => {
  const text = `# a comment\n${own}\n`;
  expect(debianSources([{ name: "/etc/apt/sources.list.d/debian.sources", text }])).toBe(`${own}\n`);
});

test("sources of other vendors, other releases and disabled ones are left out", () => {
  const others = [
    { name: "node.sources", text: "Types: deb\nURIs: https://deb.nodesource.com/node_20.x\nSuites: nodistro\n" },
    { name: "cloud.list", text: "deb https://packages.cloud.google.com/apt cloud-sdk-bookworm main\n" },
    { name: "ubuntu.list", text: "deb http://archive.ubuntu.com/ubuntu noble main\n" },
    { name: "old.sources", text: `Enabled: no\n${own}\n` },
  ];
  expect(debianSources([...others, { name: "debian.sources", text: own }])).toBe(`${own}\n`);
});

test("a machine without one uses Debian's own servers, security updates included", () => {
  const lines = debianSources([]).trim().split("\n");
  expect(lines.map((line) => line.split(" ")[2])).toEqual(["bookworm", "bookworm-updates", "bookworm-security"]);
});

test("one-line sources are understood", () => {
  const text = "deb http://deb.debian.org/debian bookworm main\n# deb http://deb.debian.org/debian sid main\n";
  expect(debianSources([{ name: "/etc/apt/sources.list", text }])).toBe(
    "deb http://deb.debian.org/debian bookworm main\n",
  );
});
