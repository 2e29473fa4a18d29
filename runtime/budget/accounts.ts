import { Account } from "./account.ts";
import type { BudgetScope } from "./scope.ts";

interface TenantAccounts {
  whole: Account | undefined;
  readonly agent: Map<string, Account>;
  readonly key: Map<string, Account>;
}

/** The accounts of all scopes, found without building a string for each look. */
export class Accounts implements Iterable<Account> {
  readonly #tenants = new Map<string, TenantAccounts>();
  #serial = 0;

  /** The account of a scope; there is one from the first look on. */
  of(scope: BudgetScope): Account {
    const tenant = this.#tenants.get(scope.tenant) ?? this.#addTenant(scope.tenant);
    if (scope.kind === "tenant") {
      tenant.whole ??= this.#open(scope);
      return tenant.whole;
    }
    const accounts = tenant[scope.kind];
    const known = accounts.get(scope.id);
    if (known !== undefined) return known;
    const account = this.#open(scope);
    accounts.set(scope.id, account);
    return account;
  }

  *[Symbol.iterator](): Iterator<Account> {
    for (const { whole, agent, key } of this.#tenants.values()) {
      if (whole !== undefined) yield whole;
      yield* agent.values();
      yield* key.values();
    }
  }

  #addTenant(id: string): TenantAccounts {
    const tenant: TenantAccounts = { whole: undefined, agent: new Map(), key: new Map() };
    this.#tenants.set(id, tenant);
    return tenant;
  }

  #open(scope: BudgetScope): Account {
    return new Account(scope, () => {
      this.#serial += 1;
      return this.#serial;
    });
  }
}
