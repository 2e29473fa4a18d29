import { z } from "zod";
import { NOT_BUILT } from "../enforcers.ts";
import { leaf } from "../leaf.ts";
import { secretLeaf } from "../secrets.ts";

const enforcer = { notYet: NOT_BUILT.channels };

const weCom = z.strictObject({
  enabled: leaf(z.boolean(), { says: "Whether people can talk to agents in WeChat Work.", enforcer }),
  corp_id: secretLeaf({ says: "Id of the company in WeChat Work.", enforcer }),
  agent_id: secretLeaf({ says: "Id of the self-built application.", enforcer }),
  secret: secretLeaf({ says: "Secret of the application.", enforcer }),
  token: secretLeaf({ says: "Token with which callbacks are signed.", enforcer }),
  encoding_aes_key: secretLeaf({ says: "Key with which callbacks are encrypted.", enforcer }),
  webhook_path: leaf(z.string().regex(/^\/[\w./-]*$/), {
    says: "Path of the callback on the front door.",
    enforcer,
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: 'a path that begins with "/"',
        remedy: 'write it as in "/api/wechat/callback"',
      },
    },
  }),
});

/** Chat programs through which people reach agents. OpenClaw's own name for WeChat Work is `wecom`; the source's is corrected to it. */
export const channels = z.strictObject({
  wechat_work: weCom.optional(),
  wecom: weCom.optional(),
});
