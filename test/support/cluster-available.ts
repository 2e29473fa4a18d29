import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Why the tests on a real node cannot run on this machine, one sentence each; empty when they can. */
export function clusterObstacles(): readonly string[] {
  if (process.env["BREAKWATER_TEST_CLUSTER"] === "off") return ["BREAKWATER_TEST_CLUSTER=off asks for that"];
  return [
    ...(process.platform === "linux" && process.arch === "x64" ? [] : ["the node runs on Linux x86-64 only"]),
    ...(process.getuid?.() === 0 ? [] : ["the node needs root"]),
    ...(existsSync("/usr/bin/apt-get") ? [] : ["the node's packages come from Debian's apt-get"]),
    ...(hasGo() ? [] : ["the node's programs are built with Go 1.26, which is not on PATH"]),
  ];
}

function hasGo(): boolean {
  return spawnSync("go", ["version"], { stdio: "ignore" }).status === 0;
}
