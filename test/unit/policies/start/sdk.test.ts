import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../../../tools/paths.ts";

/** What a program says that is started as the pack is, in a process of its own. */
function said(program: string): unknown {
  const start = `require("./start/sdk.cjs").putOffSdk(); const loaded = () =>
    Object.keys(require.cache).some((file) => file.includes("/@npmcli/arborist/"));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", `${start} console.log(JSON.stringify(${program}))`], {
    cwd: join(projectRoot, "policies"),
    encoding: "utf8",
  });
  return stdout === "" ? stderr : JSON.parse(stdout);
}

test("the policy SDK is loaded without the SDK and what comes with it", () => {
  expect(said('[typeof require("@pulumi/policy").PolicyPack, loaded()]')).toEqual(["function", false]);
});

test("assets are those of the SDK", () => {
  const same = '[require("@pulumi/pulumi").asset.FileAsset === require("@pulumi/pulumi/asset").FileAsset, loaded()]';
  expect(said(same)).toEqual([true, false]);
});

test("whoever asks for more gets the SDK itself", () => {
  const sdk = 'require("@pulumi/pulumi")';
  expect(said(`[${sdk}.Output === require("@pulumi/pulumi/output").Output, loaded()]`)).toEqual([true, true]);
  expect(said(`["Resource" in ${sdk}, "Nothing" in ${sdk}]`)).toEqual([true, false]);
  const alike = `(before => Object.keys(before).join() === Object.keys(${sdk}).join())`;
  expect(said(`${alike}(${sdk})`)).toBe(true);
});

test("an SDK that is there already stays", () => {
  const again = '(sdk => { require("./start/sdk.cjs").putOffSdk(); return sdk === require("@pulumi/pulumi"); })';
  expect(said(`(require("@pulumi/pulumi").Output, ${again}(require("@pulumi/pulumi")))`)).toBe(true);
});
