/**
 * A text as a reader sees it: escapes decoded, foreign digits and full-width letters as ASCII, invisible characters
 * gone. Knows where each of its characters stood in the original, so that a redaction replaces exactly those.
 */
export interface View {
  readonly text: string;
  /** The original's offset of the view's character `index`; the original's length at the view's end. */
  start(index: number): number;
  /** The original's offset just after the view's character `index - 1`. */
  end(index: number): number;
}
