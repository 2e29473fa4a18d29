import { JOBS } from "../jobs.ts";
import { MEASURES } from "../rules/measures.ts";
import type { DashboardFacts, Panel } from "./dashboard.ts";

/** The panel that shows what a condition of the same word compares. */
function measured(title: string, word: string, unit: string): Panel {
  return { title, queries: [{ expr: MEASURES[word]?.expr ?? "", legend: word }], unit };
}

/** Whether it works, for whom not, and why. */
export const overview: DashboardFacts = {
  uid: "breakwater-overview",
  title: "Breakwater: overview",
  panels: [
    {
      title: "Replicas that answer",
      queries: [{ expr: `sum by (job) (up{job=~"${JOBS.frontDoor}|${JOBS.router}"})`, legend: "{{job}}" }],
      shape: "stat",
      width: 8,
    },
    {
      title: "Cells that are not ready",
      queries: [
        {
          expr: 'count(kube_statefulset_status_replicas_ready{namespace=~"tenant-.+"} < kube_statefulset_replicas{namespace=~"tenant-.+"}) or vector(0)',
          legend: "not ready",
        },
      ],
      shape: "stat",
      width: 8,
    },
    {
      title: "Requests in flight",
      queries: [{ expr: "sum by (service) (breakwater_requests_in_flight)", legend: "{{service}}" }],
      width: 8,
    },
    {
      title: "Chat requests a second",
      queries: [
        {
          expr: `sum by (outcome) (rate(openclaw_agent_response_time_seconds_count{service="${JOBS.frontDoor}"}[5m]))`,
          legend: "{{outcome}}",
        },
      ],
      unit: "reqps",
    },
    measured("Errors", "error_rate", "percentunit"),
    measured("Response time, 99 of 100", "p99_response_time", "s"),
    {
      title: "Refused requests a minute, by code",
      queries: [
        {
          expr: "60 * sum by (service, code) (rate(breakwater_refused_requests_total[5m]))",
          legend: "{{service}} {{code}}",
        },
      ],
    },
    {
      title: "Tool calls a minute",
      queries: [{ expr: "60 * sum by (outcome) (rate(openclaw_skill_execution_total[5m]))", legend: "{{outcome}}" }],
    },
    {
      title: "Screening hits a minute",
      queries: [
        {
          expr: "60 * sum by (rule, action) (rate(breakwater_screening_hits_total[5m]))",
          legend: "{{rule}} {{action}}",
        },
      ],
    },
    {
      title: "Audit records not yet shipped",
      queries: [
        {
          expr: "max by (service, export) (breakwater_audit_export_lag_records)",
          legend: "{{service}} {{export}}",
        },
      ],
    },
    {
      title: "Memory of our pods",
      queries: [
        {
          expr: 'sum by (namespace) (container_memory_working_set_bytes{namespace=~"breakwater|tenant-.+",container!=""})',
          legend: "{{namespace}}",
        },
      ],
      unit: "bytes",
    },
  ],
};
