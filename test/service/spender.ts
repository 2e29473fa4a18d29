import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Budget, BudgetRefusal, type BudgetScope, type Reservation } from "../../runtime/budget/index.ts";
import { openDatabase } from "../../runtime/state/index.ts";

/**
 * One replica as a process of its own, for tests and benches to kill. It reads orders from its standard input, one a
 * line: `go <tenant> <limit> <calls> <tries> <worst case>`, `settle`, `close`. The provider of its models is its standard
 * output: what is written there is billed, from the moment on at which it is written.
 */

type Order = readonly [tenant: string, limitMicroUsd: number, calls: number, tries: number, worstMicroUsd: number];

const random = (most: number): number => Math.floor(Math.random() * (most + 1));
const say = (line: string): void => void writeSync(1, `${line}\n`);

async function main(settings: Parameters<typeof openDatabase>[0]): Promise<void> {
  const db = await openDatabase(settings);
  const budget = await Budget.open({
    db,
    scopes: [],
    alertPercents: () => [50, 80, 100],
    onAlert: ({ scope, percent }) =>
      say(`alert ${scope.id === "" ? scope.tenant : `${scope.tenant}/${scope.id}`} ${percent}`),
    notify: ({ code }) => say(`notice ${code}`),
  });
  say("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    const [order, tenant = "", ...numbers] = line.split(" ");
    if (order === "go") {
      const [limit = 0, calls = 0, tries = 0, worst = 0] = numbers.map(Number);
      void spend(budget, [tenant, limit, calls, tries, worst]);
    } else {
      await budget.close();
      await db.close();
      say("closed");
      process.exit(0);
    }
  }
}

async function spend(budget: Budget, [tenant, limitMicroUsd, calls, tries, worst]: Order): Promise<void> {
  const whole: BudgetScope = { kind: "tenant", tenant, id: "", limitMicroUsd };
  const agent: BudgetScope = { kind: "agent", tenant, id: "writer", limitMicroUsd: Math.floor(limitMicroUsd * 0.9) };
  const caller = async (index: number): Promise<void> => {
    for (let time = 0; time < tries; time += 1) await call(budget, index % 2 === 0 ? [whole, agent] : [whole], worst);
  };
  await Promise.all(Array.from({ length: calls }, (_, index) => caller(index)));
  say(`done ${tenant}`);
}

async function call(budget: Budget, scopes: readonly BudgetScope[], worst: number): Promise<void> {
  const tenant = scopes[0]?.tenant ?? "";
  const amount = 1 + random(worst - 1);
  let reservation: Reservation;
  try {
    const result = budget.reserve(scopes, amount);
    reservation = result instanceof Promise ? await result : result;
  } catch (error) {
    if (!(error instanceof BudgetRefusal)) throw error;
    say(`refused ${tenant} ${error.code}`);
    await sleep(random(20));
    return;
  }
  const fails = random(9) === 0;
  const actual = fails ? 0 : random(amount);
  say(`billed ${tenant} ${scopes.length} ${actual} ${amount}`);
  await sleep(random(20));
  if (fails) reservation.release();
  else reservation.settle(actual);
  say(`ended ${tenant} ${scopes.length} ${actual} ${amount}`);
  budget.recordUsage({
    ...{ tenant, agent: null, provider: "echo", model: "echo", tokensIn: 1, tokensOut: 1 },
    ...{ costMicroUsd: actual, cached: false, month: reservation.month },
  });
}

main(JSON.parse(process.argv[2] ?? "{}")).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
