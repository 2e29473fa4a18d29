import type { Facts } from "@breakwater/runtime/settings";

/** Days of a year, as laws count them here. */
const YEAR = 365;

/**
 * Days that audit records are kept at least: half a year in mainland China (Cybersecurity Law as amended 2025, Art. 23(3));
 * in Korea one year, two where the data is of the highest class (Safety Measures Standard, Notice 2025-9, Art. 8(1), which
 * asks two from 50,000 people or with sensitive data on; read 2026-11-24); elsewhere one year, our own default.
 */
export function minimumAuditDays({ jurisdiction, dataClass }: Facts): number {
  if (jurisdiction === "cn") return 180;
  if (jurisdiction === "kr") return dataClass === "restricted" ? 2 * YEAR : YEAR;
  return YEAR;
}

/** Days that Korea asks records of access rights to be kept: three years (Notice 2025-9, Art. 5(3); read 2026-11-24). */
export const ACCESS_RIGHTS_DAYS = 3 * YEAR;

/** Whether an environment stands on a cloud, where account, keys and storage are planned with it. */
export function isCloud({ topology }: Facts): boolean {
  return topology === "aws" || topology === "alibaba" || topology === "tencent";
}
