import { type Command, InvalidArgumentError, Option } from "commander";
import { type CommonOptions, command, printResult } from "../command.ts";
import { wholeNumber } from "../keys/whole-number.ts";

interface CostOptions extends CommonOptions {
  readonly people?: number;
  readonly currency: string;
  readonly rate: readonly string[];
  readonly against?: string;
  readonly budget?: number;
  readonly gpuHours?: number;
}

const EXIT_STATUS = `
Exit status: 0 everything has a price, and it is within the budget; 1 over the budget, not known to be within it, or refused; 2 wrong command line;
3 something has no price, so that the total is too low by an unknown amount.`;

export function costCommand(): Command {
  return command("cost", "What an environment would cost a month. Needs no engine, no cluster, no account.")
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .option("--currency <currency>", "USD, CNY or KRW", "USD")
    .option(
      "--rate <rate>",
      "units of the currency for one USD, as 7.1 or CNY=7.1, in place of cost.rates; may be repeated",
      collected,
      [],
    )
    .option(
      "--against <what>",
      "compare with: deployed, the state on this machine, which must be there; or a file that `breakwater plan --format json` or `pulumi stack export` printed; without it with the state, if there is one",
    )
    .addOption(new Option("--people <number>", "as if it were for that many people").argParser(wholeNumber))
    .addOption(
      new Option("--budget <usd>", "in place of cost.monthly_budget_usd: fail where a month costs more").argParser(
        amountUsd,
      ),
    )
    .addOption(new Option("--gpu-hours <hours>", "hours a month in which nodes with GPUs run").argParser(hours))
    .addHelpText("after", EXIT_STATUS)
    .action(async (name: string, options: CostOptions) => {
      const { microUsd } = await import("@breakwater/runtime/settings");
      const { moneyOf } = await import("../../cost/currency.ts");
      const { declaredRates } = await import("../../cost/declared.ts");
      const { readEnvironmentFile } = await import("../environment.ts");
      const { againstOf } = await import("../cost/chosen.ts");
      const { exitOf, reportOf } = await import("../cost/report.ts");
      const { renderCost } = await import("../cost/render.ts");
      const { forPeople } = await import("../plan/people.ts");
      const { planOf } = await import("../plan/plan.ts");
      const file = readEnvironmentFile(name);
      const against = await againstOf(options.against, name);
      const money = moneyOf(options.currency, options.rate, declaredRates(file.settings));
      const environment = options.people === undefined ? file : forPeople(file, options.people);
      const { resources } = await planOf(environment);
      const report = reportOf(environment, resources, {
        money,
        day: new Date().toISOString().slice(0, 10),
        against,
        ...(options.gpuHours === undefined ? {} : { gpuHours: options.gpuHours }),
        ...(options.budget === undefined ? {} : { budgetMicroUsd: microUsd(options.budget) }),
      });
      printResult(options, report, () => renderCost(report));
      process.exitCode = exitOf(report);
    });
}

function collected(rate: string, before: readonly string[]): readonly string[] {
  return [...before, rate];
}

function amountUsd(text: string): number {
  if (/^\d{1,9}(\.\d{1,6})?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be USD with at most 6 decimals.");
}

const HOURS_A_MONTH = 730;

function hours(text: string): number {
  const value = wholeNumber(text);
  if (value <= HOURS_A_MONTH) return value;
  throw new InvalidArgumentError(`A month has ${HOURS_A_MONTH} hours.`);
}
