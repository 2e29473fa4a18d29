import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refuse } from "@breakwater/runtime/problems";

/** An Ed25519 key pair in the forms that OpenSSH reads. */
export interface SshKeyPair {
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA...`, without comment. */
  readonly publicKey: string;
}

/**
 * A fresh key pair from OpenSSH's own tool: Node cannot write OpenSSH's private key format.
 *
 * @throws ProblemError `secrets/no-ssh-keygen`
 */
export function createSshKeyPair(): SshKeyPair {
  const folder = mkdtempSync(join(tmpdir(), "breakwater-ssh-"));
  try {
    const file = join(folder, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file], { stdio: "pipe" });
    const publicKey = readFileSync(`${file}.pub`, "utf8").trim();
    return { privateKey: readFileSync(file, "utf8"), publicKey };
  } catch (cause) {
    return refuse(
      {
        code: "secrets/no-ssh-keygen",
        path: "ssh-keygen",
        got: cause instanceof Error ? (cause.message.split("\n", 1)[0] ?? "") : String(cause),
        expected: "OpenSSH's ssh-keygen on PATH",
        remedy: "install it: apt-get install openssh-client",
      },
      { cause },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
