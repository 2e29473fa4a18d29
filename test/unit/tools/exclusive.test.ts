import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { exclusively } from "../../../tools/exclusive.ts";

const lockModule = new URL("../../../tools/exclusive.ts", import.meta.url).pathname;

test("two pieces of work under one name never overlap, and the second is told who it waits for", async () => {
  const events: string[] = [];
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const first = exclusively("test-overlap", async () => {
    events.push("first in");
    await held;
    events.push("first out");
  });
  const second = exclusively(
    "test-overlap",
    async () => {
      events.push("second in");
    },
    ({ holder }) => {
      events.push(`waiting for ${holder}`);
      release();
    },
  );
  await Promise.all([first, second]);
  expect(events).toEqual(["first in", `waiting for ${process.pid}`, "first out", "second in"]);
});

test("work that fails lets the next one in", async () => {
  const failing = exclusively("test-failure", () => Promise.reject(new Error("broken")));
  await expect(failing).rejects.toThrow("broken");
  expect(await exclusively("test-failure", () => Promise.resolve("in"))).toBe("in");
});

test("a holder that is killed holds nothing", async () => {
  const script = `
    import { exclusively } from ${JSON.stringify(lockModule)};
    setInterval(() => {}, 1000);
    void exclusively("test-killed", () => { console.log("in"); return new Promise(() => {}); });`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const waited = exclusively(
    "test-killed",
    () => Promise.resolve("in"),
    () => child.kill("SIGKILL"),
  );
  expect(await waited).toBe("in");
});
