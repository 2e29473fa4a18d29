export { Budget, type BudgetOptions } from "./budget.ts";
export type { BudgetAlert, BudgetNotice } from "./ledger-deps.ts";
export type { Reservation } from "./reservation.ts";
export { BudgetRefusal, type BudgetRefusalCode, type BudgetScope } from "./scope.ts";
export type { UsageRow } from "./usage-buffer.ts";
export { readUsage, type UsageReport } from "./usage-report.ts";
export { type BudgetWatch, watchBudgets } from "./watch.ts";
