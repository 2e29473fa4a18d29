import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { refuse } from "@breakwater/runtime/problems";

/** The Debian release of the images. */
export const SUITE = "bookworm";

/**
 * Apt sources for the base image: those of this machine that carry the release, so that packages come from where the
 * company gets them. Third-party sources are left out.
 *
 * @throws ProblemError `images/no-debian-source`
 *
 * @param files name and text of every file of /etc/apt/sources.list.d and of /etc/apt/sources.list
 */
export function debianSources(files: readonly { readonly name: string; readonly text: string }[]): string {
  const parts = files.flatMap(({ name, text }) => (name.endsWith(".sources") ? stanzas(text) : lines(text)));
  const own = parts.filter(isDebian);
  const kind = own.filter((part) => part.startsWith("deb ")).length > 0 ? "line" : "stanza";
  const chosen = own.filter((part) => part.startsWith("deb ") === (kind === "line"));
  if (chosen.length === 0) {
    refuse({
      code: "images/no-debian-source",
      path: "/etc/apt/sources.list.d",
      got: "no source of the release",
      expected: `an apt source with Debian ${SUITE}, from which the base image is made`,
      remedy: `add one to /etc/apt/sources.list.d, such as your mirror's line for ${SUITE}`,
    });
  }
  return `${chosen.join(kind === "line" ? "\n" : "\n\n")}\n`;
}

/** This machine's apt sources, as {@link debianSources} wants them. */
export function readAptSources(): readonly { readonly name: string; readonly text: string }[] {
  const folder = "/etc/apt/sources.list.d";
  const names = ["/etc/apt/sources.list", ...list(folder).map((name) => join(folder, name))];
  return names
    .filter((name) => name.endsWith(".list") || name.endsWith(".sources"))
    .flatMap((name) => {
      const text = read(name);
      return text === undefined ? [] : [{ name, text }];
    });
}

function isDebian(part: string): boolean {
  const text = part.toLowerCase();
  return text.includes(SUITE) && /https?:\/\/\S*\/debian(-security)?\/?(\s|$)/u.test(text);
}

/** deb822 stanzas without their comments. */
function stanzas(text: string): readonly string[] {
  return text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .split(/\n{2,}/u)
    .map((stanza) => stanza.trim())
    .filter((stanza) => /^types:.*\bdeb\b/imu.test(stanza) && !/^enabled:\s*no/imu.test(stanza));
}

function lines(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("deb "));
}

function list(folder: string): readonly string[] {
  return orAbsent(() => readdirSync(folder).sort()) ?? [];
}

function read(file: string): string | undefined {
  return orAbsent(() => readFileSync(file, "utf8"));
}

function orAbsent<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
