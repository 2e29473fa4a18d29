import type { PlanRule } from "../rule.ts";
import { cn003 } from "./cn-003.ts";
import { cn004 } from "./cn-004.ts";
import { cn005 } from "./cn-005.ts";
import { cn007 } from "./cn-007.ts";
import { cry001 } from "./cry-001.ts";
import { cry002 } from "./cry-002.ts";
import { cry003 } from "./cry-003.ts";
import { cry004 } from "./cry-004.ts";
import { cry005 } from "./cry-005.ts";
import { cry006 } from "./cry-006.ts";
import { cry007 } from "./cry-007.ts";
import { dat001 } from "./dat-001.ts";
import { dat002 } from "./dat-002.ts";
import { dat003 } from "./dat-003.ts";
import { dat004 } from "./dat-004.ts";
import { dat005 } from "./dat-005.ts";
import { dat007 } from "./dat-007.ts";
import { dat008 } from "./dat-008.ts";
import { dat009 } from "./dat-009.ts";
import { dat011 } from "./dat-011.ts";
import { dgx001 } from "./dgx-001.ts";
import { dgx002 } from "./dgx-002.ts";
import { dgx004 } from "./dgx-004.ts";
import { iam001 } from "./iam-001.ts";
import { iam002 } from "./iam-002.ts";
import { iam003 } from "./iam-003.ts";
import { iam006 } from "./iam-006.ts";
import { iam007 } from "./iam-007.ts";
import { iam008 } from "./iam-008.ts";
import { k8s001 } from "./k8s-001.ts";
import { k8s002 } from "./k8s-002.ts";
import { k8s003 } from "./k8s-003.ts";
import { k8s004 } from "./k8s-004.ts";
import { k8s005 } from "./k8s-005.ts";
import { k8s006 } from "./k8s-006.ts";
import { k8s007 } from "./k8s-007.ts";
import { k8s008 } from "./k8s-008.ts";
import { k8s009 } from "./k8s-009.ts";
import { k8s010 } from "./k8s-010.ts";
import { k8s011 } from "./k8s-011.ts";
import { k8s012 } from "./k8s-012.ts";
import { k8s013 } from "./k8s-013.ts";
import { k8s014 } from "./k8s-014.ts";
import { k8s015 } from "./k8s-015.ts";
import { k8s016 } from "./k8s-016.ts";
import { k8s017 } from "./k8s-017.ts";
import { k8s018 } from "./k8s-018.ts";
import { k8s019 } from "./k8s-019.ts";
import { k8s020 } from "./k8s-020.ts";
import { llm005 } from "./llm-005.ts";
import { llm010 } from "./llm-010.ts";
import { log001 } from "./log-001.ts";
import { log002 } from "./log-002.ts";
import { log003 } from "./log-003.ts";
import { log004 } from "./log-004.ts";
import { log005 } from "./log-005.ts";
import { log007 } from "./log-007.ts";
import { mon001 } from "./mon-001.ts";
import { mon002 } from "./mon-002.ts";
import { net001 } from "./net-001.ts";
import { net002 } from "./net-002.ts";
import { net003 } from "./net-003.ts";
import { net004 } from "./net-004.ts";
import { net005 } from "./net-005.ts";
import { net006 } from "./net-006.ts";
import { net007 } from "./net-007.ts";
import { net008 } from "./net-008.ts";
import { net009 } from "./net-009.ts";
import { net010 } from "./net-010.ts";
import { net011 } from "./net-011.ts";
import { net012 } from "./net-012.ts";
import { net013 } from "./net-013.ts";
import { net014 } from "./net-014.ts";
import { net015 } from "./net-015.ts";
import { net016 } from "./net-016.ts";
import { net017 } from "./net-017.ts";
import { prv001 } from "./prv-001.ts";
import { prv007 } from "./prv-007.ts";
import { sbx001 } from "./sbx-001.ts";
import { sbx006 } from "./sbx-006.ts";
import { sbx007 } from "./sbx-007.ts";
import { sbx008 } from "./sbx-008.ts";
import { sbx009 } from "./sbx-009.ts";
import { sup001 } from "./sup-001.ts";
import { sup002 } from "./sup-002.ts";
import { sup003 } from "./sup-003.ts";
import { sup004 } from "./sup-004.ts";
import { ten001 } from "./ten-001.ts";
import { ten004 } from "./ten-004.ts";
import { ten005 } from "./ten-005.ts";
import { ten007 } from "./ten-007.ts";

/** Every rule of the catalogue that a plan can decide, in the catalogue's order. */
export const RULES: readonly PlanRule[] = [
  net001,
  net002,
  net003,
  net004,
  net005,
  net006,
  net007,
  net008,
  net009,
  net010,
  net011,
  net012,
  net013,
  net014,
  net015,
  net016,
  net017,
  k8s001,
  k8s002,
  k8s003,
  k8s004,
  k8s005,
  k8s006,
  k8s007,
  k8s008,
  k8s009,
  k8s010,
  k8s011,
  k8s012,
  k8s013,
  k8s014,
  k8s015,
  k8s016,
  k8s017,
  k8s018,
  k8s019,
  k8s020,
  iam001,
  iam002,
  iam003,
  iam006,
  iam007,
  iam008,
  cry001,
  cry002,
  cry003,
  cry004,
  cry005,
  cry006,
  cry007,
  log001,
  log002,
  log003,
  log004,
  log005,
  log007,
  dat001,
  dat002,
  dat003,
  dat004,
  dat005,
  dat007,
  dat008,
  dat009,
  dat011,
  sup001,
  sup002,
  sup003,
  sup004,
  ten001,
  ten004,
  ten005,
  ten007,
  llm005,
  llm010,
  sbx001,
  sbx006,
  sbx007,
  sbx008,
  sbx009,
  mon001,
  mon002,
  prv001,
  prv007,
  cn003,
  cn004,
  cn005,
  cn007,
  dgx001,
  dgx002,
  dgx004,
];
