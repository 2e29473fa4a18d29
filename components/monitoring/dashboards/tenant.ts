import { JOBS } from "../jobs.ts";
import { MONTH_COST } from "../measured.ts";
import type { DashboardFacts } from "./dashboard.ts";

const OF_TENANT = 'tenant="$tenant"';
const TURNS = `service="${JOBS.frontDoor}",${OF_TENANT}`;
const NAMESPACE = 'namespace="tenant-$tenant"';

/** One department: how its agents do, what they cost, what was kept from it. */
export const tenant: DashboardFacts = {
  uid: "breakwater-tenant",
  title: "Breakwater: one tenant",
  choice: { label: "tenant", of: "openclaw_agent_response_time_seconds_count" },
  panels: [
    {
      title: "Cost this month",
      queries: [{ expr: `sum(${MONTH_COST}{${OF_TENANT}})`, legend: "USD" }],
      unit: "currencyUSD",
      shape: "stat",
      width: 8,
    },
    {
      title: "Cell and sandbox that are ready",
      queries: [
        {
          expr: `sum by (statefulset) (kube_statefulset_status_replicas_ready{${NAMESPACE}})`,
          legend: "{{statefulset}}",
        },
      ],
      shape: "stat",
      width: 8,
    },
    {
      title: "Restarts in 24 hours",
      queries: [
        {
          expr: `sum by (container) (increase(kube_pod_container_status_restarts_total{${NAMESPACE}}[1d]))`,
          legend: "{{container}}",
        },
      ],
      shape: "stat",
      width: 8,
    },
    {
      title: "Chat requests a second",
      queries: [
        {
          expr: `sum by (outcome) (rate(openclaw_agent_response_time_seconds_count{${TURNS}}[5m]))`,
          legend: "{{outcome}}",
        },
      ],
      unit: "reqps",
    },
    {
      title: "Response time",
      queries: [0.5, 0.9, 0.99].map((share) => ({
        expr: `histogram_quantile(${share}, sum by (le) (rate(openclaw_agent_response_time_seconds_bucket{${TURNS}}[5m])))`,
        legend: `${share * 100} of 100`,
      })),
      unit: "s",
    },
    {
      title: "Tool calls a minute, by skill",
      queries: [
        {
          expr: `60 * sum by (skill, outcome) (rate(openclaw_skill_execution_total{${OF_TENANT}}[5m]))`,
          legend: "{{skill}} {{outcome}}",
        },
      ],
    },
    {
      title: "Screening hits a minute",
      queries: [
        {
          expr: `60 * sum by (rule, action) (rate(breakwater_screening_hits_total{${OF_TENANT}}[5m]))`,
          legend: "{{rule}} {{action}}",
        },
      ],
    },
    {
      title: "Memory",
      queries: [
        {
          expr: `sum by (container) (container_memory_working_set_bytes{${NAMESPACE},container!=""})`,
          legend: "{{container}}",
        },
      ],
      unit: "bytes",
    },
    {
      title: "Processors",
      queries: [
        {
          expr: `sum by (container) (rate(container_cpu_usage_seconds_total{${NAMESPACE},container!=""}[5m]))`,
          legend: "{{container}}",
        },
      ],
    },
    {
      title: "Volumes, share left",
      queries: [
        {
          expr: `kubelet_volume_stats_available_bytes{${NAMESPACE}} / kubelet_volume_stats_capacity_bytes{${NAMESPACE}}`,
          legend: "{{persistentvolumeclaim}}",
        },
      ],
      unit: "percentunit",
    },
  ],
};
