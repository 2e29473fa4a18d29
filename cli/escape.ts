/** Text that cannot end a cell of a Markdown table. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[|\\`<>*_[\]]/g, (character) => `\\${character}`);
}
