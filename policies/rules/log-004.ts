import { z } from "zod";
import { type Fields, isSet } from "../known.ts";
import type { ResourceRule } from "../rule.ts";

const alibaba = z.object({ enable: z.boolean().optional() });

/** Logs repeat what was written into requests. CLS of Tencent Cloud takes no key of the customer's. */
export const log004: ResourceRule = {
  id: "LOG-004",
  on: {
    "aws:cloudwatch/logGroup:LogGroup": (props) => (isSet(props, "kmsKeyId") ? [] : ["kmsKeyId is missing"]),
    "alicloud:log/store:Store": function* (props) {
      if (!isSet(props, "encryptConf")) {
        yield "encryptConf is missing";
        return;
      }
      const conf = props["encryptConf"] as Fields;
      if (alibaba.parse(conf).enable !== true) yield "encryptConf.enable is not true";
      if (!isSet(conf, "userCmkInfo")) yield "encryptConf.userCmkInfo is missing";
    },
  },
};
