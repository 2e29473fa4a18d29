import type { Check } from "../check.ts";
import { cellReach } from "./cell-reach.ts";
import { chatAnswers } from "./chat-answers.ts";
import { databaseWalled } from "./database-walled.ts";
import { memoryIsolated } from "./memory-isolated.ts";
import { podsAdmitted } from "./pods-admitted.ts";
import { sandboxKernel } from "./sandbox-kernel.ts";
import { sandboxReach } from "./sandbox-reach.ts";
import { screeningRedacts } from "./screening-redacts.ts";
import { tenantHeader } from "./tenant-header.ts";
import { timeIsUp } from "./time-is-up.ts";
import { transportEncrypted } from "./transport-encrypted.ts";

/** Every check, in the order in which they run. */
export const CHECKS: readonly Check[] = [
  chatAnswers,
  memoryIsolated,
  tenantHeader,
  sandboxKernel,
  timeIsUp,
  sandboxReach,
  podsAdmitted,
  cellReach,
  databaseWalled,
  transportEncrypted,
  screeningRedacts,
];
