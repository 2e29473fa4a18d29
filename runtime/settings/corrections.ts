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
    const at = `multi_tenant.tenants[${index}].llm_config`;
    const { llm_config } = tenant;
    const { fallbacks, cheap_first, internal } = llm_config;
    return {
      ...tenant,
      llm_config: {
        ...correctModel(llm_config, at, report),
        fallbacks: fallbacks.map((one, position) => correctModel(one, `${at}.fallbacks[${position}]`, report)),
        ...(cheap_first === undefined ? {} : { cheap_first: correctModel(cheap_first, `${at}.cheap_first`, report) }),
        ...(internal === undefined ? {} : { internal: correctModel(internal, `${at}.internal`, report) }),
      },
    };
  });
  return { ...section, tenants };
}

function correctModel<T extends { model: string }>(given: T, at: string, report: Report): T {
  const known = Object.hasOwn(RETIRED_MODELS, given.model) ? RETIRED_MODELS[given.model] : undefined;
  if (known === undefined) return given;
  report({
    path: `${at}.model`,
    got: given.model,
    became: known.replacement,
    reason: `retired by its provider on ${known.retired}: requests for it fail`,
  });
  return { ...given, model: known.replacement };
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
