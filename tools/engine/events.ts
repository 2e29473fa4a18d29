/** The part of Pulumi's engine events that we read (sdk/go/common/apitype/events.go). */
export interface EngineEvent {
  readonly diagnosticEvent?: { readonly urn?: string; readonly message: string; readonly severity: string };
  readonly policyEvent?: PolicyEvent;
  readonly resourcePreEvent?: ResourceEvent;
  readonly resOutputsEvent?: ResourceEvent;
  readonly resOpFailedEvent?: ResourceEvent;
  readonly summaryEvent?: {
    readonly durationSeconds: number;
    readonly resourceChanges: Readonly<Record<string, number>>;
  };
}

interface PolicyEvent {
  readonly resourceUrn?: string;
  readonly message: string;
  readonly policyName: string;
  readonly enforcementLevel: string;
}

interface ResourceEvent {
  readonly metadata: { readonly op: string; readonly urn: string; readonly type: string };
}

/** `type name` of a URN, short enough for a line: `kubernetes:core/v1:Namespace tenant-a`. */
export function shortName(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split("$").at(-1)} ${name}`.trim();
}

/** One line of `--json` output as an event; undefined for a line that is something else, such as a program's own print. */
export function parseEvent(line: string): EngineEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const event: unknown = JSON.parse(line);
    return typeof event === "object" && event !== null && "sequence" in event ? (event as EngineEvent) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
