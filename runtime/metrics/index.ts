export { type Decision, type MetricsLabels, ServiceMetrics, type ServiceName } from "./service-metrics.ts";
