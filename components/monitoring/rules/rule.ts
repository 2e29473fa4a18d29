/** How urgent an alert is; `none` is for the alert that always fires. */
export type Severity = "critical" | "warning" | "info" | "none";

/** Label that decides who is told: the addresses, sorted and joined by commas. */
export const RECEIVER_LABEL = "receiver";

/** One alert, as a group of a PrometheusRule holds it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** Duration such as `5m`; left out: it fires at once. */
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** One recorded expression. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/** Rules that are evaluated together. */
export interface RuleGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly (AlertRule | RecordingRule)[];
}

/** The name that a list of addresses has as a receiver and in {@link RECEIVER_LABEL}; undefined for none. */
export function receiverOf(addresses: readonly string[]): string | undefined {
  return addresses.length === 0 ? undefined : [...new Set(addresses)].sort().join(",");
}

/** Labels of an alert: its urgency, and who is told. */
export function alertLabels(severity: Severity, notify: readonly string[]): Record<string, string> {
  const receiver = receiverOf(notify);
  return { severity, ...(receiver === undefined ? {} : { [RECEIVER_LABEL]: receiver }) };
}
