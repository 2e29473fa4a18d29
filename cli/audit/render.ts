import type { VerifyReport, WriterReport } from "@breakwater/runtime/audit";

/** What verification found in one log. */
export interface VerifiedLog {
  /** `front door`, `model router`, or the folder that was named. */
  readonly name: string;
  readonly directory: string;
  readonly report: VerifyReport;
}

const NO_KEY =
  "signatures were not checked: without --public-key, whoever rewrote the log could have written the checkpoints too";

/** The same for people: each writer's chain, and the first thing that is wrong with it. */
export function renderVerification(logs: readonly VerifiedLog[]): string {
  const lines = logs.flatMap(({ name, directory, report }) => [
    name === directory ? name : `${name} (${directory})`,
    ...(report.writers.length === 0 ? ["  no audit files"] : report.writers.flatMap(writerLines)),
  ]);
  if (logs.some(({ report }) => !report.signaturesChecked)) lines.push("", `Warning: ${NO_KEY}`);
  const records = logs.reduce((sum, { report }) => sum + report.records, 0);
  const bad = logs.flatMap(({ report }) => report.writers).filter(({ fault }) => fault !== null).length;
  const verdict = bad === 0 ? "all intact" : `${bad} ${bad === 1 ? "chain is" : "chains are"} NOT intact`;
  return [...lines, "", `${records} records verified, ${verdict}`].join("\n");
}

function writerLines({ writer, records, firstSeq, lastSeq, head, checkpointSeq, fault }: WriterReport): string[] {
  const range = records === 0 ? "no records" : `${records} records, seq ${firstSeq} to ${lastSeq}`;
  const signed = checkpointSeq === null ? "no checkpoint" : `signed up to seq ${checkpointSeq}`;
  const lines = [`${fault === null ? "INTACT" : "BAD   "}  ${writer}: ${range}, ${signed}`];
  if (head !== null) lines.push(`        last hash ${head}`);
  if (fault !== null) {
    const place = fault.line === 0 ? fault.file : `${fault.file} line ${fault.line}`;
    const seq = fault.seq === null ? "" : `, seq ${fault.seq}`;
    lines.push(`        first bad record: ${place}${seq}: ${fault.message} (${fault.code})`);
  }
  return lines;
}
