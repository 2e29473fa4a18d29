import { z } from "zod";
import { ENFORCERS, NOT_BUILT } from "../enforcers.ts";
import { leaf } from "../leaf.ts";

const absolutePath = z.string().regex(/^\/\S*$/);
const pathRefusals = {
  invalid_format: {
    code: "settings/invalid-format",
    expected: "an absolute path",
    remedy: 'begin the path with "/"',
  },
} as const;
const auditNotYet = { notYet: NOT_BUILT.connectionAudit };

const filesystem = z.strictObject({
  mode: leaf(z.enum(["ephemeral"]), {
    says: "ephemeral: what is written is gone when the sandbox is.",
    enforcer: ENFORCERS.sandboxTmpfs,
  }),
  max_size_gb: leaf(z.number().int().positive().max(1024), {
    says: "Most that a sandbox can write.",
    unit: "GB",
    enforcer: ENFORCERS.sandboxTmpfs,
  }),
  allowed_paths: leaf(z.array(absolutePath), {
    says: "Where a sandbox may write.",
    enforcer: ENFORCERS.readOnlyRoot,
    refusals: pathRefusals,
  }).default([]),
  readonly_paths: leaf(z.array(absolutePath), {
    says: "What a sandbox may read and not write.",
    enforcer: ENFORCERS.readOnlyRoot,
    refusals: pathRefusals,
  }).default([]),
});

const network = z.strictObject({
  mode: leaf(z.enum(["whitelist"]), {
    says: "whitelist: nothing is reachable but what allowed_domains names.",
    enforcer: ENFORCERS.sandboxEgress,
  }),
  allowed_domains: leaf(z.array(z.string().regex(/^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/)), {
    says: "Names that a sandbox may reach.",
    enforcer: { notYet: NOT_BUILT.egress },
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "a lower-case domain name without scheme, port or path",
        remedy: 'write it as in "api.openai.com"',
      },
    },
  }).default([]),
  blocked_ports: leaf(z.array(z.number().int().min(1).max(65_535)), {
    says: "Ports that stay closed even for allowed names.",
    enforcer: ENFORCERS.sandboxEgress,
  }).default([]),
  egress_bandwidth_mbps: leaf(z.number().positive().max(100_000), {
    says: "Most that a sandbox may send.",
    unit: "Mbit/s",
    enforcer: { notYet: "not built yet: a rate for what leaves; nothing leaves a sandbox" },
  }).optional(),
});

const execution = z.strictObject({
  max_cpu_seconds: leaf(z.number().int().positive().max(86_400), {
    says: "CPU time that each process of a command may use.",
    unit: "seconds",
    enforcer: ENFORCERS.sandboxCpuTime,
  }).optional(),
  max_wall_seconds: leaf(z.number().int().positive().max(86_400), {
    says: "Time by the clock after which a command and all that it started is ended.",
    unit: "seconds",
    source: "the default is what OpenClaw 2026.9.6 gives a command that says nothing of it",
    enforcer: ENFORCERS.sandboxWallTime,
  }).default(1800),
  max_memory_mb: leaf(z.number().int().min(1024).max(1_048_576), {
    says: "Memory limit of a sandbox, its ephemeral files included.",
    unit: "MB",
    enforcer: ENFORCERS.sandboxMemory,
  }),
  allowed_languages: leaf(z.array(z.enum(["python", "javascript", "bash"])), {
    says: "Languages that a sandbox can run.",
    enforcer: { notYet: "the sandbox image has python and a shell whatever is listed" },
  }).default([]),
  blocked_commands: leaf(z.array(z.string().min(1).max(200)), {
    says: "Texts that stop a command when they occur in it.",
    enforcer: ENFORCERS.cellGuard,
  }).default([]),
});

const audit = z.strictObject({
  log_all_commands: leaf(z.boolean(), { says: "Record each command.", enforcer: ENFORCERS.toolAudit }),
  log_network_requests: leaf(z.boolean(), { says: "Record each connection.", enforcer: auditNotYet }),
  log_file_access: leaf(z.boolean(), {
    says: "Record each file that is opened.",
    enforcer: { notYet: "not visible from the host under gVisor or Kata; needs a watcher inside the sandbox" },
  }),
  export_to: leaf(z.enum(["splunk", "elk"]), {
    says: "Kind of system that tool calls are shipped to; which one stands in audit.exports.",
    enforcer: { ...ENFORCERS.auditExport, limits: "without an entry of that kind in audit.exports nothing is shipped" },
  }).optional(),
});

/** The sandbox in which the tools of an agent run. */
export const openshell = z.strictObject({
  isolation: leaf(z.enum(["gvisor", "kata"]), {
    says: "What stands between a sandbox and the node's kernel.",
    enforcer: { ...ENFORCERS.runtimeClass, limits: "the local topology has gvisor" },
    refusals: {
      invalid_value: {
        code: "settings/unknown-isolation",
        expected: "gvisor or kata",
        remedy: 'choose "gvisor", or "kata" where nodes can run virtual machines (Firecracker is one of its engines)',
      },
    },
  }),
  filesystem,
  network,
  execution,
  audit: audit.optional(),
});
