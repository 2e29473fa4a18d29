import { ensureBrowser } from "../support/browser.ts";

/** Every test file of this layer starts a browser of its own; here it is only installed. */
export async function setup(): Promise<void> {
  await ensureBrowser();
}
