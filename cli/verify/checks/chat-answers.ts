import { replyText } from "../../deploy/front-door-client.ts";
import { Breach, type Check } from "../check.ts";

export const chatAnswers: Check = {
  id: "chat/answers",
  claim: "each tenant's own key gets a reply from an agent",
  control: "front door, cells, model router",
  run: async ({ tenants, client }) => {
    const replies = await Promise.all(
      tenants.map(async ({ id }) => ({ id, answer: await client(id).chat(`verify: hello from ${id}`) })),
    );
    const silent = replies.filter(({ answer }) => answer.status !== 200 || replyText(answer.body) === "");
    if (silent.length > 0) {
      const what = silent.map(
        ({ id, answer }) => `${id}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 200)}`,
      );
      throw new Breach(`no reply from ${what.join("; ")}`);
    }
    return replies.map(({ id, answer }) => `${id}: ${replyText(answer.body).slice(0, 80)}`);
  },
};
