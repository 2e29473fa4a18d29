import { existsSync } from "node:fs";
import { type Problem, ProblemError, refuse } from "@breakwater/runtime/problems";
import { keyFile, keyFolder } from "../../tools/secrets/index.ts";
import { frontDoorUrl } from "../deploy/address.ts";
import { connectionError, FrontDoorClient } from "../deploy/front-door-client.ts";
import { runningCluster } from "../deploy/running-cluster.ts";
import type { EnvironmentFile } from "../environment.ts";

/** One administrative request. */
export interface AdminRequest {
  readonly method?: "DELETE" | "PATCH" | "POST";
  readonly body?: unknown;
  /** The tenant to act for. */
  readonly tenant?: string | undefined;
}

/** An environment's front door, asked with a key that may manage it. */
export class AdminApi {
  readonly #client: FrontDoorClient;
  readonly #address: string;

  constructor(address: string, client: FrontDoorClient) {
    this.#address = address;
    this.#client = client;
  }

  /**
   * The front door of a running environment, with the admin key that `breakwater up` made or with the key of `file`.
   * @throws ProblemError `cluster/not-running`, `keys/no-key-file`.
   */
  static async of(environment: EnvironmentFile, file?: string): Promise<AdminApi> {
    const cluster = await runningCluster(environment);
    const path = file ?? keyFolder(environment.name).path(keyFile("admin"));
    if (!existsSync(path)) {
      refuse({
        code: "keys/no-key-file",
        path,
        got: "no file",
        expected: "a file with an API key",
        remedy: `run \`npx breakwater up ${environment.name}\`, or name another with --key-file`,
      });
    }
    const address = frontDoorUrl(cluster, environment.settings);
    return new AdminApi(address, FrontDoorClient.fromKeyFile(address, path));
  }

  /** Asks, and gives back what a 2xx answer holds. @throws ProblemError the front door's own, `front-door/unreachable`. */
  async ask(path: string, { method, body, tenant }: AdminRequest = {}): Promise<{ status: number; body: unknown }> {
    const init = {
      ...(method === undefined ? {} : { method }),
      ...(body === undefined ? {} : { body }),
      ...(tenant === undefined ? {} : { headers: { "x-tenant-id": tenant } }),
    };
    const answer = await this.#client.request(path, init).catch((error: unknown) =>
      refuse({
        code: "front-door/unreachable",
        path: `${this.#address}${path}`,
        got: connectionError(error),
        expected: "an answer",
        remedy: "look at `npx breakwater status`",
      }),
    );
    if (answer.status >= 200 && answer.status < 300) return { status: answer.status, body: answer.body };
    throw new ProblemError(problemsIn(answer, `${this.#address}${path}`));
  }
}

const PROBLEM = /^\[([a-z-]+\/[a-z-]+)\] (.*?): got (.*); expected (.*?); (.*)$/;

/** What a refusal of the front door says, as problems of this command. */
export function problemsIn(
  answer: { readonly status: number; readonly body: unknown },
  path: string,
): [Problem, ...Problem[]] {
  const message = (answer.body as { error?: { message?: unknown } } | null)?.error?.message;
  const lines = typeof message === "string" ? message.split("\n") : [];
  const problems = lines.flatMap((line): Problem[] => {
    const [, code, where, got, expected, remedy] = PROBLEM.exec(line) ?? [];
    if (code === undefined || where === undefined || got === undefined) return [];
    return [{ code: code as Problem["code"], path: where, got, expected: expected ?? "", remedy: remedy ?? "" }];
  });
  const [first, ...rest] = problems;
  if (first !== undefined) return [first, ...rest];
  const got = `status ${answer.status}`;
  return [{ code: "front-door/refused", path, got, expected: "a 2xx answer", remedy: "look at its log" }];
}
