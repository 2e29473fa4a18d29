const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text that cannot become markup, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Text that cannot end a cell of a Markdown table. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[|\\`<>*_[\]]/g, (character) => `\\${character}`);
}
