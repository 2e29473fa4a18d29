/** What one server is trusted with. Assumptions of Breakwater, measured by nobody: people replace a machine by hand. */
export const SINGLE_SERVER = {
  people: 50,
  departments: 5,
  rtoMinutes: 240,
  uptimePercent: 99,
  source: "assumption: a broken machine is replaced by hand, and nothing takes over meanwhile",
} as const;

/** What many servers are trusted with, while each tenant has one cell with one volume. */
export const ONE_CELL = {
  /** A cell's node that fails silently is noticed after minutes, and its volume has to be attached elsewhere. */
  uptimePercent: 99.5,
  rtoMinutes: 30,
  /** Volumes and dumps are kept every night (docs/topologies). */
  rpoMinutes: 1440,
} as const;
