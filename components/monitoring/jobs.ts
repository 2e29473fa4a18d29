/** The value of the label `job` by what is scraped; rules, dashboards and scrapes share these. */
export const JOBS = {
  frontDoor: "front-door",
  router: "router",
  gpu: "dcgm",
  vault: "openbao",
  certificates: "certificates",
} as const;
