import type { Settings } from "@breakwater/runtime/settings";

/** What front door and model router look for; nothing where screening is switched off. */
export function screeningSettings({ enterprise }: Settings): unknown {
  const screening = enterprise.data_loss_prevention;
  if (screening?.enabled !== true) return { rules: [] };
  return {
    rules: [
      ...screening.rules.map(({ name, pattern, action }) => ({ name, pattern, action })),
      ...screening.detectors.map(({ detector, action }) => ({ name: detector, detector, action })),
    ],
  };
}
