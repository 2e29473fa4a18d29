/** What the law asks of data that leaves mainland China. */
export const EXPORT_LAW = "CAC provisions on cross-border data flows of 2024-03-22, Art. 5, 7 and 8";
