import { replyText } from "../../deploy/front-door-client.ts";
import { Breach, type Check } from "../check.ts";

/** The first line of gVisor's kernel log; Linux never prints it. */
const GVISOR_BOOT_LINE = "Starting gVisor";

export const sandboxKernel: Check = {
  id: "sandbox/own-kernel",
  claim: "a tool call of an agent runs in its sandbox, on a kernel that is not the node's",
  control: "OpenClaw's SSH sandbox; RuntimeClass gvisor",
  run: async (world) => {
    const seen: string[] = [];
    for (const tenant of world.tenants) {
      const answer = await world.client(tenant.id).chat("RUN: hostname; uname -r; dmesg | head -n 5");
      const text = replyText(answer.body);
      if (answer.status !== 200) throw new Error(`${tenant.id}: ${answer.status} ${JSON.stringify(answer.body)}`);
      const { stdout } = await world.exec(tenant, "sandbox", ["hostname"]);
      const pod = stdout.trim();
      if (pod === "" || !text.includes(pod)) {
        throw new Breach(
          `${tenant.id}: the command did not run in ${pod || "the sandbox"}; the agent said: ${text.slice(0, 300)}`,
        );
      }
      if (!text.includes(GVISOR_BOOT_LINE))
        throw new Breach(`${tenant.id}: no gVisor kernel log in ${pod}: ${text.slice(0, 300)}`);
      seen.push(`${tenant.id}: ran in ${pod}, whose kernel log says "${GVISOR_BOOT_LINE}"`);
    }
    return seen;
  },
};
