import type { Progress, Task } from "../progress.ts";
import { type EngineEvent, shortName } from "./events.ts";

/** What one run of the engine did. */
export interface RunSummary {
  /** Operation (`create`, `update`, `same` ...) to number of resources. */
  readonly changes: Readonly<Record<string, number>>;
  readonly durationSeconds: number;
  /** Policy advice and engine warnings, one line each. */
  readonly warnings: readonly string[];
}

const WHOLE_RUN = /^(preview|update|destroy|refresh|deletion) failed$/;

/** Folds the engine's events into a summary and shows each changing resource as a task of its own. */
export class RunRecorder {
  readonly #progress: Progress;
  readonly #open = new Map<string, Task>();
  readonly #errors: string[] = [];
  readonly #violations: string[] = [];
  readonly #warnings: string[] = [];
  #changes: Readonly<Record<string, number>> = {};
  #durationSeconds = 0;
  #finished = 0;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  /** Takes one event; returns what the run as a whole is doing now, when that changed. */
  take(event: EngineEvent): string | undefined {
    if (event.diagnosticEvent) this.#diagnose(event.diagnosticEvent);
    if (event.policyEvent) this.#judge(event.policyEvent);
    if (event.summaryEvent) {
      this.#changes = event.summaryEvent.resourceChanges ?? {};
      this.#durationSeconds = event.summaryEvent.durationSeconds;
    }
    if (event.resourcePreEvent) this.#begin(event.resourcePreEvent.metadata);
    if (event.resOpFailedEvent) this.#end(event.resOpFailedEvent.metadata.urn, "failed");
    if (!event.resOutputsEvent) return undefined;
    this.#finished += 1;
    this.#end(event.resOutputsEvent.metadata.urn);
    return `${this.#finished} resources done`;
  }

  /** Ends the tasks of resources that the engine never reported on, so that none is left half said. */
  close(reason: string): void {
    for (const urn of [...this.#open.keys()]) this.#end(urn, reason);
  }

  /** Mandatory policies that were broken, one line each. */
  get violations(): readonly string[] {
    return this.#violations;
  }

  /** What the engine and the providers said went wrong; that the run as a whole failed is said only when nothing else was. */
  get errors(): readonly string[] {
    const causes = this.#errors.filter((text) => !WHOLE_RUN.test(text));
    return causes.length > 0 || this.#violations.length > 0 ? causes : this.#errors;
  }

  summary(): RunSummary {
    return { changes: this.#changes, durationSeconds: this.#durationSeconds, warnings: this.#warnings };
  }

  #begin({ op, urn, type }: { op: string; urn: string; type: string }): void {
    const silent =
      op === "same" || op === "read" || type === "pulumi:pulumi:Stack" || type.startsWith("pulumi:providers:");
    if (!silent && !this.#open.has(urn)) this.#open.set(urn, this.#progress.start(`${op} ${shortName(urn)}`));
  }

  #end(urn: string, failure?: string): void {
    const task = this.#open.get(urn);
    if (task === undefined) return;
    this.#open.delete(urn);
    if (failure === undefined) task.done();
    else task.fail(failure);
  }

  #diagnose({ urn, message, severity }: { urn?: string; message: string; severity: string }): void {
    const text = `${urn ? `${shortName(urn)}: ` : ""}${message.trim()}`;
    if (severity === "error") this.#errors.push(text);
    if (severity === "warning") this.#warnings.push(text);
  }

  #judge(event: NonNullable<EngineEvent["policyEvent"]>): void {
    const subject = event.resourceUrn ? `${shortName(event.resourceUrn)}: ` : "";
    const text = `${event.policyName}: ${subject}${event.message.trim().replaceAll(/\s*\n\s*/g, " ")}`;
    if (event.enforcementLevel === "mandatory") this.#violations.push(text);
    else this.#warnings.push(text);
  }
}
