import { DETECTORS } from "../settings/services.ts";

/** Index of a detector in {@link DETECTORS}. */
export type Detector = number;

export const SSN = DETECTORS.indexOf("us-ssn");
export const CARD = DETECTORS.indexOf("payment-card");
export const RRN = DETECTORS.indexOf("kr-rrn");
export const CN_ID = DETECTORS.indexOf("cn-resident-id");
export const IBAN = DETECTORS.indexOf("iban");
export const PHONE = DETECTORS.indexOf("phone");
export const SECRET = DETECTORS.indexOf("secret");

/** What was found: by what, and from where to where. Never the text. */
export interface Match {
  readonly detector: Detector;
  readonly start: number;
  readonly end: number;
}

/** What is scanned: a view's text, its code units (the first `text.length` of `units`), and whether more may follow. */
export interface Subject {
  readonly text: string;
  readonly units: Uint16Array;
  /** Bits of the detectors that are wanted. */
  readonly wanted: number;
  /** Nothing follows; a match at the end is one. */
  readonly final: boolean;
  readonly found: Match[];
}
