import type { AuditExport } from "../../settings/services.ts";
import { ElasticsearchTarget } from "./elasticsearch.ts";
import { FileTarget } from "./file.ts";
import { SplunkTarget } from "./splunk.ts";
import { SyslogTarget } from "./syslog.ts";
import type { ExportTarget } from "./target.ts";

/** The target that an export's settings describe. Connects when the first batch is sent. */
export function openTarget(settings: AuditExport): ExportTarget {
  switch (settings.kind) {
    case "splunk":
      return new SplunkTarget(settings);
    case "elasticsearch":
      return new ElasticsearchTarget(settings);
    case "syslog":
      return new SyslogTarget(settings);
    case "file":
      return new FileTarget(settings.path);
  }
}
