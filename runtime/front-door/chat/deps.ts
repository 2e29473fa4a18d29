import type { FastifyBaseLogger } from "fastify";
import type { AuditLog } from "../../audit/index.ts";
import type { PrincipalSigner } from "../../identity/index.ts";
import type { ServiceMetrics } from "../../metrics/index.ts";
import type { Screen } from "../../screening/index.ts";
import type { GuardDeps } from "../access/guard.ts";
import type { Budgets } from "./admission.ts";
import type { AgentDirectory } from "./parse.ts";
import type { SessionUsers } from "./sessions.ts";
import type { Cells } from "./upstream.ts";

/** What a chat request needs of the world. */
export interface ChatDeps extends GuardDeps {
  readonly served: ReadonlySet<string>;
  readonly cells: Pick<Cells, "post">;
  readonly agents: AgentDirectory;
  readonly sessions: SessionUsers;
  readonly principals: PrincipalSigner;
  readonly screen: Screen;
  readonly budgets: Budgets;
  readonly metrics: Pick<ServiceMetrics, "responseTime" | "refused" | "inFlight" | "screened">;
  readonly audit: Pick<AuditLog, "healthy" | "ready" | "appendThen">;
  readonly maxBodyBytes: number;
  /** From the request's first byte to the answer's last. */
  readonly timeoutMs: number;
  /** Whether the audit log keeps what was said, after redaction. */
  readonly includeContent: boolean;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly draining: () => boolean;
  readonly log: FastifyBaseLogger;
}
