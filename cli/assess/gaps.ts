import type { Answers } from "./answers.ts";
import { ONE_CELL } from "./recovery.ts";

/** Something that was asked for and that the environment does not give. */
export interface Gap {
  /** `area/what`, stable. */
  readonly id: string;
  readonly says: string;
}

interface GapRule extends Gap {
  readonly when: (answers: Answers) => boolean;
  /** A setting of the ledger that is enforced by nothing yet, for as long as this is a gap. */
  readonly setting?: string;
}

const local = ({ place }: Answers) => place.infrastructure === "one-machine";

/** One row a gap. A row with a setting is checked against the ledger by a test, so that it goes when the thing is built. */
export const GAPS: readonly GapRule[] = [
  {
    id: "functions/browser-automation",
    when: ({ functions }) => functions.browser_automation,
    says: "browser automation is not built: no sandbox has a browser",
  },
  {
    id: "functions/voice",
    when: ({ functions }) => functions.voice,
    says: "voice is not built: agents read and write text only",
  },
  {
    id: "functions/sso",
    when: ({ functions }) => functions.sso,
    says: "single sign-on is not built: the settings are accepted, people use API keys",
    setting: "enterprise.sso.enabled",
  },
  {
    id: "functions/wechat-work",
    when: ({ functions }) => functions.wechat_work,
    says: "WeChat Work as a channel is not built: clients speak to the front door's API",
    setting: "channels.wecom.enabled",
  },
  {
    id: "functions/internal-systems",
    when: ({ functions }) => functions.internal_systems.length > 0,
    says: "the way out of sandboxes is not built: the names are accepted, and until then a sandbox reaches nothing",
    setting: "openshell.network.allowed_domains",
  },
  {
    id: "security/sandbox-audit",
    when: ({ security }) => security.full_audit,
    says: "network requests and file accesses inside a sandbox are not audited yet; requests, model calls and tool calls are",
    setting: "openshell.audit.log_file_access",
  },
  {
    id: "security/stand-in",
    when: ({ security }) => security.models === "stand-in",
    says: "answers come from the echo model, a stand-in that repeats what it is told",
  },
  {
    id: "security/certificate",
    when: ({ security }) => security.standards.length > 0,
    says: "no standard is met by software alone: compliance reports say which controls are the company's own procedure",
  },
  {
    id: "operations/uptime",
    when: (answers) => !local(answers) && answers.operations.uptime_percent > ONE_CELL.uptimePercent,
    says: `more than ${ONE_CELL.uptimePercent} % is not promised: each tenant has one cell with one volume, and a failed node stops it until it is moved`,
  },
  {
    id: "operations/rto",
    when: (answers) => !local(answers) && answers.operations.rto_minutes < ONE_CELL.rtoMinutes,
    says: `a recovery in less than ${ONE_CELL.rtoMinutes} minutes is not promised: nobody has measured one`,
  },
  {
    id: "operations/rpo",
    when: (answers) => !local(answers) && answers.operations.rpo_minutes < ONE_CELL.rpoMinutes,
    says: "what cells keep is backed up once a night at best: up to a day of it can be lost",
  },
  {
    id: "operations/no-volume-backup",
    when: ({ place }) => place.infrastructure === "dgx",
    says: "the database is backed up every night; volumes of cells, audit logs and vault are the storage's to back up",
  },
  {
    id: "operations/no-backup",
    when: local,
    says: "nothing is backed up on one machine: copy its data away, or all of it can be lost",
  },
  {
    id: "operations/support",
    when: ({ operations }) => operations.support === "24x7",
    says: "support around the clock is people: alerts go out at any hour, and the company has to answer them",
  },
  {
    id: "place/bastion",
    when: ({ place }) =>
      place.country === "cn" && (place.infrastructure === "dgx" || place.infrastructure === "one-machine"),
    says: "no bastion host is planned on machines of the company's own: rule CN-003 is an exception, and the company answers for the way in",
  },
  {
    id: "place/not-verified",
    when: (answers) => !local(answers),
    says: "planned, not verified: no account and no DGX cluster has accepted such an environment yet",
  },
];

/** What of the answers is not met. Pure. */
export function gapsOf(answers: Answers): readonly Gap[] {
  return GAPS.filter(({ when }) => when(answers)).map(({ id, says }) => ({ id, says }));
}
