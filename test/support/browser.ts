import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";
import { ensureCommands, hasCommand, installPackages } from "../../tools/packages.ts";
import { silent } from "../../tools/progress.ts";

const CHROMIUM = "/usr/bin/chromium";
/** Debian's fonts-noto-cjk: without it Chinese and Korean are boxes. */
const FONTS = { file: "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", package: "fonts-noto-cjk" } as const;

/** A fresh browser that asks nobody anything by itself. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Why no page can be looked at on this machine, one sentence each; empty when it can. */
export function browserObstacles(): readonly string[] {
  if (existsSync(CHROMIUM) && existsSync(FONTS.file)) return [];
  if (process.getuid?.() === 0 && hasCommand("apt-get")) return [];
  return ["there is no Chromium with Chinese and Korean fonts, and only root can install Debian's packages"];
}

/** Installs browser and fonts where they are missing. */
export async function ensureBrowser(): Promise<void> {
  await ensureCommands({ chromium: "chromium" }, silent);
  if (!existsSync(FONTS.file)) await installPackages([FONTS.package]);
}

/** A browser with a profile of its own, which goes with it. */
export async function openBrowser(): Promise<{
  readonly context: BrowserContext;
  readonly close: () => Promise<void>;
}> {
  const profile = mkdtempSync(join(tmpdir(), "breakwater-browser-"));
  const options = { executablePath: CHROMIUM, headless: true, args: ARGUMENTS };
  const context = await chromium.launchPersistentContext(profile, options);
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
