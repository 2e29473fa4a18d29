/** The language runtime exits with this when the program's error has already been reported to the engine (cmd/run/index.js). */
const ALREADY_REPORTED = 32;

/** What the engine is told about a finished program. `bail` stops the run without another message. */
export interface Outcome {
  readonly error?: string;
  readonly bail?: boolean;
}

/**
 * Reads the end of a program. Anything but a plain exit 0 is a failure: the engine deletes every resource that a
 * successful program did not mention, so a killed program must never look like one that finished.
 */
export function outcomeOf(code: number | null, signal: string | null): Outcome {
  if (code === 0) return {};
  if (code === ALREADY_REPORTED) return { bail: true };
  return { error: signal === null ? `the program exited with code ${code}` : `the program was ended by ${signal}` };
}
