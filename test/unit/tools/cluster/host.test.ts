import { expect, test } from "vitest";
import { mountsBelow } from "../../../../tools/cluster/node/host.ts";
import { listeners } from "../../../../tools/cluster/node/preflight.ts";
import { startTicksOf } from "../../../../tools/cluster/node/process.ts";

test("mounts below our folders come deepest first, with their names unescaped, and no others", () => {
  const mountinfo = [
    "20 1 8:1 / / rw - ext4 /dev/vda rw",
    "30 20 0:40 / /var/lib/kubelet/pods/a\\040b/volume rw - tmpfs tmpfs rw",
    "31 30 0:41 / /var/lib/kubelet/pods/a\\040b/volume/inner rw - tmpfs tmpfs rw",
    "32 20 0:42 / /var/lib/kubelet-other rw - tmpfs tmpfs rw",
  ].join("\n");
  expect(mountsBelow(mountinfo, ["/var/lib/kubelet"])).toEqual([
    "/var/lib/kubelet/pods/a b/volume/inner",
    "/var/lib/kubelet/pods/a b/volume",
  ]);
});

test("the kubelet's mount of its root onto itself is found, a disk mounted there is not", () => {
  const onto = (root: string): string => `30 20 8:1 ${root} /var/lib/kubelet rw - ext4 /dev/vda rw`;
  expect(mountsBelow(onto("/var/lib/kubelet"), ["/var/lib/kubelet"])).toEqual(["/var/lib/kubelet"]);
  expect(mountsBelow(onto("/"), ["/var/lib/kubelet"])).toEqual([]);
});

test("the start time of a process is found behind a name with spaces and brackets", () => {
  const fields = Array.from({ length: 50 }, (_, index) => String(index + 3));
  expect(startTicksOf(`42 (a ) (b) ${fields.join(" ")}`)).toBe("22");
});

test("only listening sockets count as taken ports", () => {
  const text = `  sl  local_address rem_address   st
   0: 0100007F:094B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1
   1: 0100007F:1F90 0100007F:094B 01 00000000:00000000 00:00000000 00000000     0        0 4712 1`;
  expect(listeners(text)).toEqual([{ port: 2379, inode: "4711" }]);
});
