import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { Agent, request as httpsRequest } from "node:https";

/** What is read of a kubeconfig that this project wrote itself (JSON, everything inside). */
interface OwnKubeconfig {
  readonly clusters: readonly [
    { readonly cluster: { readonly server: string; readonly "certificate-authority-data": string } },
  ];
  readonly users: readonly [
    { readonly user: { readonly "client-certificate-data": string; readonly "client-key-data": string } },
  ];
}

/** An answer of the API server that is not a success. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(`HTTP ${status}: ${message}`);
    this.status = status;
  }
}

/** The few calls to an API server that the provisioner needs, in a tenth of the memory of a full client. */
export class ApiClient {
  readonly #server: string;
  readonly #agent: Agent;

  constructor(server: string, agent: Agent) {
    this.#server = server;
    this.#agent = agent;
  }

  static async fromKubeconfig(path: string): Promise<ApiClient> {
    const config = JSON.parse(await readFile(path, "utf8")) as OwnKubeconfig;
    const bytes = (base64: string): Buffer => Buffer.from(base64, "base64");
    const { cluster } = config.clusters[0];
    const { user } = config.users[0];
    const agent = new Agent({
      keepAlive: true,
      ca: bytes(cluster["certificate-authority-data"]),
      cert: bytes(user["client-certificate-data"]),
      key: bytes(user["client-key-data"]),
    });
    return new ApiClient(cluster.server, agent);
  }

  /** One call; the parsed answer. @throws ApiError */
  async call<T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T> {
    const response = await this.#send(method, path, body);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const status = response.statusCode ?? 0;
    if (status >= 300) throw new ApiError(status, text.slice(0, 500));
    return JSON.parse(text) as T;
  }

  /** Resolves at the first change after `resourceVersion`, or when the server ends the watch. @throws ApiError */
  async watch(path: string, resourceVersion: string, stop: AbortSignal): Promise<void> {
    const query = `watch=1&timeoutSeconds=300&resourceVersion=${encodeURIComponent(resourceVersion)}`;
    const response = await this.#send("GET", `${path}?${query}`, undefined, stop);
    if (response.statusCode !== 200) {
      response.destroy();
      throw new ApiError(response.statusCode ?? 0, `watch of ${path} refused`);
    }
    await new Promise<void>((resolve) => {
      response.once("data", () => resolve());
      response.once("close", () => resolve());
      // A lost connection ends the watch like a silent server does; the next list finds out what is wrong.
      response.once("error", () => resolve());
    });
    response.destroy();
  }

  #send(method: string, path: string, body?: unknown, stop?: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = httpsRequest(`${this.#server}${path}`, {
        method,
        agent: this.#agent,
        ...(stop === undefined ? {} : { signal: stop }),
        headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) },
      });
      request.on("response", resolve);
      request.on("error", reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
