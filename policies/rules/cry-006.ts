import { z } from "zod";
import type { ResourceRule } from "../rule.ts";

const alibaba = z.object({ keySpec: z.string().optional(), keyUsage: z.string().optional() });
const tencent = z.object({ encryptionAlgorithm: z.string().optional() });

/**
 * Systems of China that undergo the review of commercial cryptography answer for algorithms of the SM series. No setting
 * says which do, so we ask it of those with data of the highest class. Alibaba Cloud says the algorithm by key, Tencent
 * Cloud by bucket: a key of its KMS has no such field.
 */
export const cry006: ResourceRule = {
  id: "CRY-006",
  applies: ({ jurisdiction, dataClass }) => jurisdiction === "cn" && dataClass === "restricted",
  on: {
    "alicloud:kms/key:Key": function* (props) {
      const { keySpec = "Aliyun_AES_256", keyUsage = "ENCRYPT/DECRYPT" } = alibaba.parse(props);
      const wanted = keyUsage === "ENCRYPT/DECRYPT" ? "Aliyun_SM4" : "EC_SM2";
      if (keySpec !== wanted) yield `keySpec is ${keySpec}`;
    },
    "tencentcloud:index/cosBucket:CosBucket": function* (props) {
      const { encryptionAlgorithm = "missing" } = tencent.parse(props);
      if (encryptionAlgorithm !== "SM4") yield `encryptionAlgorithm is ${encryptionAlgorithm}`;
    },
  },
};
