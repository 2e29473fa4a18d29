import { refuse } from "@breakwater/runtime/problems";
import type { Demand } from "../demand.ts";
import { type Partition, partitionOf } from "./offer.ts";

/** Classes of managed PostgreSQL, cheapest first; China's are a generation older. Prices: facts of 2026-05-03. */
const DATABASE_CLASSES: Readonly<
  Record<Partition["arn"], readonly { readonly name: string; readonly vcpus: number; readonly memoryGiB: number }[]>
> = {
  aws: databaseClasses("m7g"),
  "aws-cn": databaseClasses("m6g"),
};

function databaseClasses(family: string) {
  return [
    { name: "db.t4g.medium", vcpus: 2, memoryGiB: 4 },
    { name: `db.${family}.large`, vcpus: 2, memoryGiB: 8 },
    { name: `db.${family}.xlarge`, vcpus: 4, memoryGiB: 16 },
    { name: `db.${family}.2xlarge`, vcpus: 8, memoryGiB: 32 },
    { name: `db.${family}.4xlarge`, vcpus: 16, memoryGiB: 64 },
  ];
}

/** The cheapest class that is at least what is asked for. @throws ProblemError `placement/database` */
export function instanceClass({ database, region }: Pick<Demand, "database" | "region">): string {
  const { vcpus, memoryGiB } = database;
  const fitting = DATABASE_CLASSES[partitionOf(region).arn].find(
    (each) => each.vcpus >= vcpus && each.memoryGiB >= memoryGiB,
  );
  return (
    fitting?.name ??
    refuse({
      code: "placement/database",
      path: "deployment.size",
      got: `a database of ${vcpus} vCPUs and ${memoryGiB} GiB`,
      expected: "at most 16 vCPUs and 64 GiB",
      remedy: "choose a smaller size, or add the class to components/aws/database-class.ts",
    })
  );
}
