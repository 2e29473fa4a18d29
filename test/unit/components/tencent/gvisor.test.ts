import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CONFIGURE_SCRIPT, fetchScript, gvisorRuntimeClass } from "../../../../components/tencent/gvisor.ts";
import { record } from "../../../support/record.ts";

const sha512 = (text: string) => createHash("sha512").update(text).digest("hex");
const SUMS = `${sha512("runsc\n")}  runsc\n${sha512("containerd-shim-runsc-v1\n")}  containerd-shim-runsc-v1\n`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "breakwater-gvisor-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the script with a `curl` that writes `content` and an `install` that notes what it was given. */
function run(script: string, content: string): { readonly status: number; readonly installed: string } {
  const installed = join(folder, "installed");
  const program = (name: string, text: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  program("curl", `for last; do :; done\nwhile [ "$1" != --output ]; do shift; done\n${content} >"$2"`);
  program("install", `for last; do :; done\necho "$last" >>${installed}`);
  const text = Buffer.from(script, "base64").toString();
  const env = { PATH: `${folder}:${process.env["PATH"]}` };
  const status = (() => {
    try {
      execFileSync("sh", ["-c", text], { env, stdio: "pipe" });
      return 0;
    } catch (error) {
      return (error as { status: number }).status;
    }
  })();
  return { status, installed: existsSync(installed) ? readFileSync(installed, "utf8") : "" };
}

test("a node installs gVisor when it is the one that was pinned", () => {
  expect(run(fetchScript("https://bucket", SUMS), 'basename "$2"')).toEqual({
    status: 0,
    installed: "/usr/local/bin/runsc\n/usr/local/bin/containerd-shim-runsc-v1\n",
  });
});

test("a node that is given anything else installs nothing and does not join", () => {
  const { status, installed } = run(fetchScript("https://bucket", SUMS), "echo other");
  expect(status).not.toBe(0);
  expect(installed).toBe("");
});

test("nothing is fetched without TLS", () => {
  const script = Buffer.from(fetchScript("https://bucket", SUMS), "base64").toString();
  expect(script.match(/curl .*/g)).toEqual([
    expect.stringMatching(/--proto =https .* https:\/\/bucket\/gvisor\/runsc$/),
    expect.stringMatching(/--proto =https .* https:\/\/bucket\/gvisor\/containerd-shim-runsc-v1$/),
  ]);
});

test("sums that are no sums are refused, and nothing of the file reaches a shell", () => {
  expect(() => fetchScript("https://bucket", "$(reboot)  runsc\n")).toThrow(
    "[tencent/malformed-sums] components/tencent/provided/gvisor.sha512: got no SHA-512 of runsc; expected",
  );
  const noisy = `# $(reboot)\n${SUMS}`;
  expect(Buffer.from(fetchScript("https://bucket", noisy), "base64").toString()).not.toContain("reboot");
});

test.each([
  ["1", 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n', "io.containerd.grpc.v1.cri"],
  ["2", "version = 3\n", "io.containerd.cri.v1.runtime"],
])("containerd %s learns of gVisor and of its annotations, once", (_version, config, plugin) => {
  const file = join(folder, "config.toml");
  writeFileSync(file, config);
  writeFileSync(join(folder, "systemctl"), "#!/bin/sh\n");
  chmodSync(join(folder, "systemctl"), 0o755);
  const text = Buffer.from(CONFIGURE_SCRIPT, "base64")
    .toString()
    .replaceAll("/etc/containerd/config.toml", file)
    .replaceAll("cat >/etc/containerd/runsc.toml", `cat >${join(folder, "runsc.toml")}`);
  const env = { PATH: `${folder}:${process.env["PATH"]}` };
  execFileSync("sh", ["-c", text], { env });
  execFileSync("sh", ["-c", text], { env });
  const written = readFileSync(file, "utf8");
  expect(written.split(`[plugins."${plugin}".containerd.runtimes.runsc]`)).toHaveLength(2);
  expect(written).toContain('pod_annotations = ["dev.gvisor.*"]');
});

test("the RuntimeClass puts a sandbox on its pool's nodes and lets it stay there", async () => {
  const [made] = await record(() => gvisorRuntimeClass("gvisor", {}));
  expect(made?.inputs).toMatchObject({
    metadata: { name: "gvisor" },
    handler: "runsc",
    scheduling: {
      nodeSelector: { "breakwater.dev/pool": "sandbox" },
      tolerations: [{ key: "breakwater.dev/pool", value: "sandbox", effect: "NoSchedule" }],
    },
  });
});
