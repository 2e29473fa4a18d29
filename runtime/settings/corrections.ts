import type { z } from "zod";
import { RETIRED_MODELS } from "./deprecated-models.ts";
import type { fileSchema } from "./schema.ts";
import { LIVENESS_PATH, READINESS_PATH } from "./sections/cell.ts";

/** Something that could not work as written and was replaced by what was meant. */
export interface Correction {
  readonly path: string;
  readonly got: string;
  readonly became: string;
  readonly reason: string;
}

type Parsed = z.output<typeof fileSchema>;

/** Replaces what is known not to work, and says so once for each place. */
export function correct(parsed: Parsed): { readonly settings: Parsed; readonly corrections: readonly Correction[] } {
  const corrections: Correction[] = [];
  const report = (correction: Correction): void => {
    corrections.push(correction);
  };
  const settings: Parsed = { ...parsed };
  if (parsed.cell !== undefined) settings.cell = correctCell(parsed.cell, report);
  if (parsed.multi_tenant !== undefined) settings.multi_tenant = correctModels(parsed.multi_tenant, report);
  if (parsed.channels !== undefined) settings.channels = correctChannels(parsed.channels, report);
  return { settings, corrections };
}

type Report = (correction: Correction) => void;

function correctCell(cell: NonNullable<Parsed["cell"]>, report: Report): NonNullable<Parsed["cell"]> {
  const corrected = { ...cell };
  if (cell.replicas !== undefined && cell.replicas !== 1) {
    corrected.replicas = 1;
    report({
      path: "cell.replicas",
      got: String(cell.replicas),
      became: "1",
      reason:
        "OpenClaw has a single writer: a second process on the same volume exits; the front door may have replicas",
    });
  }
  if (cell.probes !== undefined) {
    corrected.probes = {
      ...correctProbe("liveness_path", cell.probes.liveness_path, LIVENESS_PATH, report),
      ...correctProbe("readiness_path", cell.probes.readiness_path, READINESS_PATH, report),
    };
  }
  return corrected;
}

function correctProbe(key: string, given: string | undefined, right: string, report: Report): Record<string, string> {
  if (given === undefined) return {};
  if (given !== right) {
    report({
      path: `cell.probes.${key}`,
      got: given,
      became: right,
      reason: "OpenClaw answers probes at /healthz and /readyz only; /api/health is the front door's",
    });
  }
  return { [key]: right };
}

function correctModels(
  section: NonNullable<Parsed["multi_tenant"]>,
  report: Report,
): NonNullable<Parsed["multi_tenant"]> {
  const tenants = section.tenants.map((tenant, index) => {
    const { model } = tenant.llm_config;
    const known = Object.hasOwn(RETIRED_MODELS, model) ? RETIRED_MODELS[model] : undefined;
    if (known === undefined) return tenant;
    report({
      path: `multi_tenant.tenants[${index}].llm_config.model`,
      got: model,
      became: known.replacement,
      reason: `retired by its provider on ${known.retired}: requests for it fail`,
    });
    return { ...tenant, llm_config: { ...tenant.llm_config, model: known.replacement } };
  });
  return { ...section, tenants };
}

function correctChannels(channels: NonNullable<Parsed["channels"]>, report: Report): NonNullable<Parsed["channels"]> {
  const { wechat_work, ...others } = channels;
  if (wechat_work === undefined) return channels;
  report({
    path: "channels.wechat_work",
    got: "wechat_work",
    became: "wecom",
    reason: "OpenClaw knows no channel of that name; its WeChat Work channel is wecom",
  });
  return { ...others, wecom: wechat_work };
}
