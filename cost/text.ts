const MICRO_PER_CENT = 10_000;

/** Micro-USD as `1,234.50 USD`, rounded to the cent. */
export function formatUsd(micro: number): string {
  return formatMoney(micro, "USD");
}

/** Millionths of a currency, rounded to the cent; won have none. */
export function formatMoney(micro: number, currency: string): string {
  return `${formatAmount(micro, currency)} ${currency}`;
}

/** {@link formatMoney} without the currency. */
export function formatAmount(micro: number, currency: string): string {
  const sign = micro < 0 ? "-" : "";
  const digits = currency === "KRW" ? 0 : 2;
  const cents = Math.round(Math.abs(micro) / MICRO_PER_CENT);
  const value = digits === 0 ? Math.round(Math.abs(micro) / 1_000_000) : cents / 100;
  return sign + value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
