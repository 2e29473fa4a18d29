import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockedCommand } from "../../../../runtime/cell/plugins/cell-guard/blocked-commands.ts";

const blocked = ["rm -rf /", "dd", "mkfs", "iptables"];

describe("a blocked command", () => {
  test.each([
    ["rm -rf /", "rm -rf /"],
    ["cd /tmp && rm   -rf\t/etc", "rm -rf /"],
    ["dd if=/dev/zero of=x", "dd"],
    ["sudo mkfs.ext4 /dev/sda", "mkfs"],
    ["/sbin/iptables -F", "iptables"],
  ])("is found in %j", (command, rule) => {
    expect(blockedCommand("exec", { command }, blocked)).toBe(rule);
  });

  test.each(["git add .", "echo address", "ls -la", "rm -r build"])("is not seen in %j", (command) => {
    expect(blockedCommand("exec", { command }, blocked)).toBeUndefined();
  });

  test("is found wherever a shell tool carries text", () => {
    expect(blockedCommand("process", { action: "write", data: ["iptables -L\n"] }, blocked)).toBe("iptables");
  });

  test("is of no interest to tools that run nothing", () => {
    expect(blockedCommand("write", { content: "how to use dd" }, blocked)).toBeUndefined();
  });

  test("is found whatever stands around it, set off by blanks", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...blocked), fc.string(), (before, rule, after) => {
        expect(blockedCommand("exec", { command: `${before} ${rule} ${after}` }, blocked)).toBeDefined();
      }),
    );
  });
});
