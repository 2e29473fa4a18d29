import { execFile } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { terminalProgress } from "../../cli/terminal.ts";
import { ensureCommands } from "../../tools/packages.ts";
import { projectRoot } from "../../tools/paths.ts";

/** The image's own files, where any user may read them. */
let files: string;

beforeAll(async () => {
  await ensureCommands(
    { python3: "python3", unshare: "util-linux", setpriv: "util-linux", ps: "procps" },
    terminalProgress(),
  );
  files = mkdtempSync(join(tmpdir(), "breakwater-sandbox-"));
  chmodSync(files, 0o755);
  for (const file of ["timekeeper", "run-command"]) {
    cpSync(join(projectRoot, "runtime", "sandbox", file), join(files, file));
    chmodSync(join(files, file), 0o755);
  }
});

afterAll(() => {
  rmSync(files, { recursive: true });
});

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script as uid 1000 among processes of its own, by default the way that the SSH server runs: under the timekeeper. */
function inSandbox(script: string, first: readonly string[] = [join(files, "timekeeper")]): Promise<Ran> {
  const user = ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "--no-new-privs"];
  const alone = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const [program = "", ...args] = [...alone, ...user, ...first, "/bin/sh", "-c", script];
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 60_000 }, (_, stdout, stderr) => {
      resolve({ stdout, stderr });
    });
  });
}

/** What sshd does with a command that has two seconds. */
function asked(command: string): string {
  return `SSH_ORIGINAL_COMMAND='${command}' sh -c "cpu=300 wall=2 . ${join(files, "run-command")}"; echo "status $?"`;
}

/** Waits a moment longer than the timekeeper's pace, and counts the sleeps that are left. */
const COUNT = 'sleep 2.5; echo "left $(ps -eo args | grep -c "^sleep 97")"';
const LEAVES = 'sleep 97 & setsid sleep 97 & (setsid sh -c "sleep 97 & exec sleep 97" &) ; sleep 97';

/** Eight chains in which each process starts the next one and ends. */
const FORKS = `import os
for _ in range(8):
    if os.fork() == 0:
        os.setsid()
        while True:
            if os.fork(): os._exit(0)`;

test("in the background, in a session of its own or orphaned: what a command starts ends with it at the limit", async () => {
  const { stdout, stderr } = await inSandbox(`${asked(LEAVES)}; ${COUNT}`);
  expect(stdout).toBe("status 124\nleft 0\n");
  expect(stderr).toContain(
    "ended after 2 s, and all that it had started: no command runs longer (openshell.execution.max_wall_seconds)",
  );
});

test("without the timekeeper they outlive it: the test can see what is left", async () => {
  const early = LEAVES.replace(/ ; sleep 97$/, "");
  const { stdout } = await inSandbox(`${asked(early)}; ${COUNT}`, ["/usr/bin/env"]);
  expect(stdout).toBe("status 0\nleft 4\n");
});

test("processes that each live a moment and leave another behind are caught", async () => {
  const chain = `python3 -c "${FORKS}"; sleep 97`;
  const { stdout } = await inSandbox(`${asked(chain)}; sleep 1; echo "processes $(ps -e --no-headers | wc -l)"`);
  // The timekeeper, the script, and the three of the count.
  expect(stdout).toBe("status 124\nprocesses 5\n");
});

/** How the timekeeper looks again, given what each look at the processes sees: late ones, and whether all could be seen. */
const LOOKS = `
import importlib.machinery, importlib.util, sys
loader = importlib.machinery.SourceFileLoader("timekeeper", sys.argv[1])
keeper = importlib.util.module_from_spec(importlib.util.spec_from_loader("timekeeper", loader))
loader.exec_module(keeper)
keeper.UNSEEN_SECONDS = 0.2
def looked(*looks):
    seen, killed = [], []
    def look(now):
        seen.append(looks[min(len(seen), len(looks) - 1)])
        return seen[-1]
    keeper.late_processes, keeper.os.kill = look, lambda pid, _: killed.append(pid)
    done = keeper.end_late_processes()
    print(done, len(seen) if done else "", sorted(set(killed)))
looked(([], True))
looked(([], False), ([], True))
looked(([7], True), ([7], True))
looked(([7], True), ([7, 8], True), ([7, 8], True))
looked(([], False))`;

test("whoever was killed may have left another behind, and what went unseen may be late: it looks again, or gives up", async () => {
  const { stdout, stderr } = await inSandbox(`python3 -BIc '${LOOKS}' ${join(files, "timekeeper")}`);
  expect([stdout, stderr]).toEqual([
    "True 1 []\nTrue 2 []\nTrue 2 [7]\nTrue 3 [7, 8]\nFalse  []\n",
    "the SSH server ended with 0\n",
  ]);
});

test("a command cannot give itself more time", async () => {
  const { stdout } = await inSandbox(
    asked("ulimit -m unlimited || ulimit -m $(( $(ulimit -H -m) + 1 )) || echo refused"),
  );
  expect(stdout).toBe("refused\nstatus 0\n");
});

test.each([
  ["exit 7", 7],
  ["kill -9 $$", 137],
  ["kill -TERM $$", 143],
])("%s in time ends as ever, without a word", async (command, status) => {
  const { stdout, stderr } = await inSandbox(asked(command));
  expect(stdout).toBe(`status ${status}\n`);
  expect(stderr).not.toContain("ended after");
});

test("the kubelet is told of what should have ended, and of nothing else", async () => {
  const check = `${join(files, "timekeeper")} --check; echo "status $?"`;
  const late = "read up rest </proc/uptime; ulimit -m $(( (1 << 50) + ${up%.*} - 20 )); exec sleep 97";
  expect((await inSandbox(check)).stdout).toBe("status 0\n");
  const { stdout, stderr } = await inSandbox(`sh -c '${late}' & sleep 1; ${check}`, ["/usr/bin/env"]);
  expect(stdout).toBe("status 1\n");
  expect(stderr).toMatch(/not ended in time: \[\d+\]/);
});

test("the sandbox ends with its SSH server", async () => {
  expect((await inSandbox("exit 3")).stderr).toContain("the SSH server ended with 3");
});
