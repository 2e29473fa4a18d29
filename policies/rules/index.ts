import type { PlanRule } from "../rule.ts";
import { k8s004 } from "./k8s-004.ts";
import { k8s005 } from "./k8s-005.ts";
import { k8s006 } from "./k8s-006.ts";
import { k8s007 } from "./k8s-007.ts";
import { k8s008 } from "./k8s-008.ts";
import { k8s009 } from "./k8s-009.ts";
import { net007 } from "./net-007.ts";
import { sup001 } from "./sup-001.ts";

/** Every rule of the catalogue that a plan can decide, in the catalogue's order. */
export const RULES: readonly PlanRule[] = [net007, k8s004, k8s005, k8s006, k8s007, k8s008, k8s009, sup001];
