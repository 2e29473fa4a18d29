import { free, type Meters } from "../meter.ts";

/** What the program makes of itself, in no cloud. */
export const programMeters: readonly Meters[] = [
  { prefix: "breakwater:", meters: {}, free: {}, others: free("made on the deploying machine") },
  {
    prefix: "docker-build:",
    meters: {},
    free: {},
    others: free("built on the deploying machine, and kept in the registry"),
  },
  { prefix: "pulumi:providers:", meters: {}, free: {}, others: free("a connection to a provider") },
];
