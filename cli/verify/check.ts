import type { Settings } from "@breakwater/runtime/settings";
import type { World } from "./world.ts";

/** An attack, and the wall that it tries. */
export interface Check {
  /** `area/what`, stable. */
  readonly id: string;
  /** What holds when the check passes, as a sentence. */
  readonly claim: string;
  /** The control that makes it hold; without it the check fails (test/cluster/verify.test.ts takes each away). */
  readonly control: string;
  /** Whether an environment has what the check tries. @default every one has */
  readonly applies?: (settings: Settings) => boolean;
  /**
   * Tries it.
   * @returns what was seen, one line each.
   * @throws Breach when the claim does not hold, or any error when that could not be told: both count as failed.
   */
  readonly run: (world: World) => Promise<readonly string[]>;
}

/** The claim of a check does not hold. */
export class Breach extends Error {
  override readonly name = "Breach";
}

/** What became of one check. */
export interface Outcome {
  readonly id: string;
  readonly claim: string;
  readonly control: string;
  /** `unproven`: the attack could not be carried out, which proves nothing and so does not pass either. */
  readonly verdict: "held" | "breached" | "unproven";
  readonly passed: boolean;
  /** What was seen; for a failed check, why it failed. */
  readonly seen: readonly string[];
  readonly seconds: number;
}

/** Runs one check. An attack that could not be carried out proves nothing, so it has not passed. */
export async function runCheck(check: Check, world: World): Promise<Outcome> {
  const started = performance.now();
  const { id, claim, control } = check;
  const outcome = (verdict: Outcome["verdict"], seen: readonly string[]): Outcome => ({
    ...{ id, claim, control, verdict, passed: verdict === "held", seen },
    seconds: Math.round((performance.now() - started) / 100) / 10,
  });
  try {
    return outcome("held", await check.run(world));
  } catch (error) {
    if (error instanceof Breach) return outcome("breached", [error.message]);
    return outcome("unproven", [`could not be carried out: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
